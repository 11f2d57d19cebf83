"""`search_eval`: the figures of a small collection, apart from everything live."""

from __future__ import annotations

import json
from io import StringIO
from math import log2
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from search.engines.embedded import EmbeddedEngine
from search.evaluation import apart
from search.models import Entry
from tests.search.contract import ask, document

pytestmark = pytest.mark.django_db
FRENCH = {
    "name": "petit",
    "lang": "fr",
    "docs": [
        {"id": "école", "title": "École", "body": "L’instruction des enfants est gratuite."},
        {"id": "toit", "title": "", "body": "Chaque enfant a droit à un logement."},
        {"id": 3, "title": None, "body": "Les tribunaux entendent les mineurs."},
    ],
    "queries": [
        {"id": 1, "text": "logements", "rel": {"toit": 1}},
        {"id": 2, "text": "instructions", "rel": {"toit": 1, "école": 2}},
        {"id": "q", "text": "tribunal", "rel": {"3": 1, "absent": 1}},
        {"id": 4, "text": "rien", "rel": {"toit": 0}},
    ],
}


def written(tmp_path: Path, held: Any, name: str = "set.json") -> str:
    path = tmp_path / name
    path.write_text(held if isinstance(held, str) else json.dumps(held), encoding="utf-8")
    return str(path)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("search_eval", *arguments, stdout=out)
    return out.getvalue()


def test_figures_by_hand(tmp_path: Path) -> None:
    (row,) = json.loads(run(written(tmp_path, FRENCH), "--json"))
    # Found first: the only answer; the better one of two; one of two with the same grade.
    second = 2 / (2 + 1 / log2(3))
    third = 1 / (1 + 1 / log2(3))
    assert row == {
        "name": "petit",
        "lang": "fr",
        "engine": "embedded",
        "docs": 3,
        "queries": 3,
        "ndcg@10": round((1 + second + third) / 3, 4),
        "mrr@10": 1.0,
        "recall@10": round((1 + 0.5 + 0.5) / 3, 4),
    }


def test_a_table_of_several(tmp_path: Path) -> None:
    arabic = {
        "name": "صغيرة",
        "lang": "ar",
        "docs": [{"id": "a", "title": "حقوق", "body": "حقوق الطفل في التعليم"}],
        "queries": [{"id": "1", "text": "ما هو حق الأطفال في التعليم؟", "rel": {"a": 1}}],
    }
    head, *lines = run(written(tmp_path, FRENCH), written(tmp_path, arabic, "ar.json")).splitlines()
    assert head.split()[:3] == ["name", "lang", "engine"]
    assert [line.split()[:2] for line in lines] == [["petit", "fr"], ["صغيرة", "ar"]]
    assert lines[1].split()[-3:] == ["1.0000"] * 3


def test_nothing_live_is_touched(tmp_path: Path) -> None:
    engine = EmbeddedEngine()
    engine.index([document("live", "logement", ["logement instruction tribunal"])])
    before = (list(Entry.objects.values()), engine.held())
    run(written(tmp_path, FRENCH))
    assert (list(Entry.objects.values()), engine.held()) == before
    assert ask(engine, "logement").total == 1
    with apart.embedded_apart() as scratch:
        scratch.index([document("scratch", "logement")])
        assert [hit.ref for hit in ask(scratch, "logement").hits] == ["scratch"]
    assert [hit.ref for hit in ask(engine, "logement").hits] == ["live"]


def test_the_live_database_is_back_whatever_happens() -> None:
    live = connections["default"]
    for trouble in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(trouble), apart.embedded_apart():
            raise trouble
        assert connections["default"] is live


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ({"docs": [], "queries": []}, "“docs” is empty"),
        ({"docs": [1], "queries": []}, "“docs” is not a list"),
        ({"docs": [{"title": "a"}], "queries": []}, "document 1 has no “id”"),
        ({"docs": [{"id": "a"}, {"id": "a"}]}, "another one has"),
        ({"docs": [{"id": "a", "body": 3}]}, "“body” of document 1 is not a text"),
        ({"docs": [{"id": "a"}]}, "“queries” is not a list"),
        ({"docs": [{"id": "a"}], "queries": [{"id": 1, "rel": ["a"]}]}, "“rel” of query 1"),
        ({"docs": [{"id": "a"}], "queries": [{"id": 1, "rel": {"a": 0}}]}, "no query has"),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, held: Any, why: str) -> None:
    with pytest.raises(CommandError, match=why) as caught:
        run(written(tmp_path, FRENCH), written(tmp_path, held, "bad.json"))
    assert "\n" not in str(caught.value)
    assert "bad.json" in str(caught.value)


def test_an_absent_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(str(tmp_path / "absent.json"))
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="not JSON in UTF-8"):
        run(str(tmp_path / "binary.json"))
    (tmp_path / "deep.json").write_text("[" * 100_000)
    with pytest.raises(CommandError, match="not JSON"):
        run(str(tmp_path / "deep.json"))
