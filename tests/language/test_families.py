"""Forms of one word meet in one token, in every language; words that look alike do not.

A line of a family file holds forms that must meet; a bar stands between two words that must not.
"""

from pathlib import Path

import pytest

from coalitions.language import LANGUAGES, analyse, fold

FAMILIES = Path(__file__).parent / "data" / "families"


def lines(language: str) -> list[str]:
    text = (FAMILIES / f"{language}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def tokens(words: list[str], language: str) -> dict[str, tuple[str, ...]]:
    return {word: tuple(analyse(word, language)) for word in words}


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_of_a_word_meet(language: str) -> None:
    families = [line.split() for line in lines(language) if "|" not in line]
    assert sum(len(family) - 1 for family in families) >= 60
    missed = [found for f in families if len(set((found := tokens(f, language)).values())) > 1]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_look_alike_stay_apart(language: str) -> None:
    pairs = [line.split(" | ") for line in lines(language) if "|" in line]
    assert len(pairs) >= 10
    assert [p for p in pairs if len(set(tokens(p, language).values())) == 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_depends_on_accents_or_capitals(language: str) -> None:
    for line in lines(language):
        for word in line.replace("|", " ").split():
            expected = analyse(word, language)
            assert analyse(fold(word), language) == expected
            assert analyse(word.upper(), language) == expected
