"""The language guess prefers silence to a wrong answer."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from coalitions.language import guess_language

SHARED = Path(
    os.environ.get("PORTAL_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Every child has the right to education.", "en"),
        ("Ieder kind heeft recht op onderwijs en op spel.", "nl"),
        ("Tous les enfants ont le droit de vivre avec leur famille.", "fr"),
        ("Todo niño tiene derecho a la vida y a una familia.", "es"),
        ("Toda criança tem direito à vida e não pode ser explorada.", "pt"),
        ("Jedes Kind hat das Recht auf Leben und auf Schutz.", "de"),
        ("لكل طفل الحق في الحياة", "ar"),
        ("هر کودک حق دارد گفتگو پژوهش چرا", ""),
        ("สิทธิเด็กทุกคน", "th"),
        ("សិទ្ធិកុមារ", "km"),
        ("儿童权利公约", "zh"),
        ("子どもの権利条約", "ja"),
        ("12 34 56", ""),
        ("Kinderrechten", ""),
        ("", ""),
    ],
)
def test_guess(text: str, code: str) -> None:
    assert guess_language(text) == code


@pytest.mark.skipif(not (SHARED / "relevance").is_dir(), reason="no shared data here")
@pytest.mark.parametrize("name", ["xquad-en", "xquad-nl"])
def test_paragraphs(name: str) -> None:
    data = json.loads((SHARED / "relevance" / f"{name}.json").read_text())
    guesses = [guess_language(doc["body"]) for doc in data["docs"]]
    assert guesses.count(data["lang"]) >= 0.95 * len(guesses)
    wrong = [guess for guess in guesses if guess not in ("", data["lang"])]
    assert len(wrong) <= 0.01 * len(guesses)


@pytest.mark.skipif(not (SHARED / "files").is_dir(), reason="no shared data here")
def test_real_files_in_many_languages() -> None:
    with (SHARED / "files" / "manifest.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["format"] in ("md", "txt")]
    for row in rows:
        guess = guess_language((SHARED / "files" / row["file"]).read_text(errors="replace"))
        assert not guess or guess in row["language"] or guess in row["file"], row["file"]
