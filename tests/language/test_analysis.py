"""Text to tokens: the same for every engine, for seven languages and a plain fallback."""

from __future__ import annotations

import pytest

from coalitions.language import LANGUAGES, MAX_TOKEN, analyse, analyses, clean, fold, spans


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("en", "children's rights", "CHILDREN RIGHT"),
        ("en", "exploited", "exploiting"),
        ("nl", "kinderrechten", "Kinderrecht"),
        ("nl", "foto's", "foto"),
        ("fr", "l’enfant", "ENFANTS"),
        ("fr", "écoles", "ecole"),
        ("es", "niñas", "NINA"),
        ("pt", "crianças", "crianca"),
        ("de", "Straße", "STRASSE"),
        ("ar", "حُقُوق", "حقوق"),
        ("ar", "حقـــوق", "وحقوقهم"),
        ("ar", "الأطفال", "وللاطفال"),
        ("ar", "الجنسية", "جنسيه"),
        ("ar", "اتفاقيات", "الاتفاقية"),
        ("", "Ａｒｔｉｃｌｅ ３４", "article 34"),
        ("", "المادة ٣٤", "الماده 34"),
        ("", "ΠΑΙΔΙΟΎΣ", "παιδιους"),
        ("en", "soft\u00adhyphen", "softhyphen"),
        ("en", "rig\x00hts\ud800", "rights"),
    ],
)
def test_variants_of_a_word_become_one(language: str, left: str, right: str) -> None:
    assert analyse(left, language) == analyse(right, language)


def test_dutch_words_are_not_taken_for_others() -> None:
    assert analyse("gezondheid", "nl") != analyse("zon", "nl")


def test_stop_words_stay() -> None:
    assert analyse("the rights of the child", "en") == ["the", "right", "of", "the", "child"]


@pytest.mark.parametrize("text", ["สิทธิเด็ก", "សិទ្ធិកុមារ", "儿童权利", "子どもの権利"])
def test_scripts_without_spaces_are_cut_into_pairs(text: str) -> None:
    whole = analyse(text, "")
    part = analyse(text[2:5], "en")
    assert len(whole) > 1
    assert " ".join(part) in " ".join(whole)


def test_long_words_are_cut() -> None:
    (token,) = analyse("x" * 5000, "en")
    assert len(token) == MAX_TOKEN


def test_a_query_is_analysed_in_every_language_and_plainly() -> None:
    found = analyses("children")
    for language in (*LANGUAGES, ""):
        assert tuple(analyse("children", language)) in found
    assert len(found) == len(set(found))
    assert analyses("children", ["en"]) == (("child",), ("children",))
    assert analyses(" !? ") == ()


def test_clean_keeps_line_breaks_and_letters() -> None:
    assert clean("a\x00b\nc\td\ud800é") == "ab\nc\tdé"


def test_fold_knows_persian_and_latin_variants() -> None:
    assert fold("کودکی") == fold("كودكي")
    assert fold("Łódź Ørsted œuvre") == "lodz orsted oeuvre"


def test_spans_of_phrases_and_words() -> None:
    text = "The rights of the CHILD; children have rights."
    assert [text[a:b] for a, b in spans(text, "en", [("right",)])] == ["rights", "rights"]
    assert [text[a:b] for a, b in spans(text, "en", analyses("rights of the child"))] == [
        "rights of the CHILD"
    ]
