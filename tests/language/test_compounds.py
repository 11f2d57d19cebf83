"""Compounds are cut where they should be, and nothing else is.

The words were drawn by script from running text and judged by hand; half of them were held out
while the splitter was tuned (each file says how its words were come by). With `-s` the figures are
printed.
"""

import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalitions.language import (
    analyse,
    analyse_with_parts,
    compound_parts,
    compound_stems,
    fold,
    parts_of,
    parts_with_spans,
    snippet,
    spans,
    stem,
)
from coalitions.language.compounds import compound_pieces

WORDS = Path(__file__).parent / "data"


def listed(name: str) -> list[list[str]]:
    """The words of a file, each as the parts that it was judged to have."""
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [fold(line).split("|") for line in lines if line and not line.startswith("#")]


def ends(parts: list[str]) -> set[int]:
    """Where the parts but the last end."""
    return {sum(map(len, parts[:i])) for i in range(1, len(parts))}


def figures(language: str, name: str) -> tuple[float, float]:
    """(recall, precision): a cut word is right when every cut lies where one was judged to be."""
    compounds = cut = right = whole = 0
    for parts in listed(name):
        found = list(compound_pieces("".join(parts), language))
        compounds += len(parts) > 1
        cut += bool(found)
        correct = bool(found) and ends(found) <= ends(parts)
        right += correct
        whole += correct and found == parts
    recall, precision = right / compounds, right / cut
    sys.stdout.write(
        f"\n{name}: {compounds} compounds among {len(listed(name))} words, recall {recall:.3f},"
        f" precision {precision:.3f}, cut everywhere {whole / compounds:.3f}\n"
    )
    return recall, precision


@pytest.mark.parametrize("half", ["tuning", "held_out"])
def test_dutch_compounds_are_found_and_little_else(half: str) -> None:
    recall, precision = figures("nl", f"compounds_nl_{half}.txt")
    assert recall >= 0.90
    assert precision >= 0.97


@pytest.mark.parametrize(
    ("name", "least"),
    [("tuning", 0.95), ("held_out", 0.90), ("treaties", 0.95), ("youth_act", 0.89)],
)
def test_german_compounds_are_found_and_little_else(name: str, least: float) -> None:
    recall, precision = figures("de", f"compounds_de_{name}.txt")
    assert recall >= least
    assert precision >= 0.97


@pytest.mark.parametrize(("half", "bit"), [("tuning", 0), ("held_out", 1)])
def test_nobody_chose_which_german_words_are_held_out(half: str, bit: int) -> None:
    lines = (WORDS / f"compounds_de_{half}.txt").read_text(encoding="utf-8").splitlines()
    for word in (line.replace("|", "") for line in lines if not line.startswith("#")):
        assert sha256(word.encode()).digest()[-1] & 1 == bit, word


def test_the_german_words_of_the_field_are_cut() -> None:
    for word, part in (
        ("Kinderrechte", "Rechte"),
        ("Kinderrechte", "Kind"),
        ("Kinderrechtskonvention", "Kinderrechte"),
        ("Kinderhandel", "Handel"),
        ("Kinderarbeit", "Arbeit"),
        ("Kinderehe", "Ehe"),
        ("Kinderschutz", "Schutz"),
        ("Kindesmissbrauch", "Missbrauch"),
        ("Jugendschutz", "Jugend"),
        ("Jugendamtes", "Jugendamt"),
        ("Minderjährigenschutz", "Minderjährige"),
        ("Menschenhandel", "Menschen"),
        ("Opferhilfe", "Opfer"),
        ("Zwangsheirat", "Zwang"),
        ("Straßenkinder", "Straße"),
        ("Sexualstraftäter", "Täter"),
        ("Kinderpornografie", "Pornografie"),
        ("Menschenrechtsverletzungen", "Menschenrecht"),
        ("Gefährdungsbeurteilung", "Gefährdung"),
        ("Gesetzgebung", "Gesetz"),
        ("Lebensweise", "Leben"),
        ("Kurzfassung", "Fassung"),
    ):
        stemmed = stem(fold(part), "de")
        cut = compound_parts(fold(word), "de")
        assert stemmed in (*cut, stem(fold(word), "de")), (word, cut)
        assert len(cut) > 1, word


def test_german_words_with_prefixes_and_suffixes_stay_whole() -> None:
    for word in (
        "Zusammenarbeit",
        "Unterricht",
        "Verantwortlichkeit",
        "Wirtschaft",
        "Literatur",
        "abzugeben",
        "mitteilen",
        "psychologischen",
        "Pornografie",
        "Kind",
        "Reisende",
        "Gefährdung",
        "Direktoren",
        "einzugehen",
        "hingerichtet",
    ):
        assert compound_parts(fold(word), "de") == (), word


def test_the_words_of_the_field_are_cut() -> None:
    for word, part in (
        ("kinderrechten", "rechten"),
        ("kinderrechten", "kinderen"),
        ("kinderuitbuiting", "uitbuiting"),
        ("kindersekstoerisme", "toerisme"),
        ("kindersekstoerisme", "sekstoerisme"),
        ("kinderrechtenverdrag", "kinderrechten"),
        ("mensenhandelaren", "mensen"),
        ("jeugdgevangenis", "gevangenis"),
        ("slachtofferhulp", "slachtoffers"),
        ("regeringsbeleid", "regering"),
        ("kinderpornografie", "pornografie"),
    ):
        assert stem(part, "nl") in compound_parts(word, "nl"), word


def test_the_parts_of_a_query_are_the_pieces_alone() -> None:
    assert compound_stems("kinderrechtenverdrag", "nl") == ("kind", "recht", "verdrag")
    assert compound_stems("verdrag", "nl") == compound_stems("kinderrechten", "fr") == ()


def test_other_languages_and_simple_words_stay_whole() -> None:
    assert compound_parts("kinderrechten", "fr") == ()
    assert compound_parts("kinderrechten", "") == ()
    assert compound_parts("kinderrechten", None) == ()
    for word in ("samenwerking", "onderwijs", "verantwoordelijkheid", "cultuur", "abc", ""):
        assert compound_parts(word, "nl") == (), word
    assert compound_parts("x" * 5_000, "nl") == ()


def test_parts_know_their_word() -> None:
    text = "Het beleid: kinderrechten, en ’s nachts Kinderuitbuiting."
    tokens, parts = analyse_with_parts(text, "nl-NL")
    assert tokens == analyse(text, "nl")
    assert [part for _, part in parts] == parts_of(text, "nl")
    assert {tokens[place] for place, _ in parts} == {"kinderrecht", "kinderuitbuit"}
    assert {text[p.start : p.end] for p in parts_with_spans(text, "nl")} == {
        "kinderrechten",
        "Kinderuitbuiting",
    }


def test_a_compound_is_marked_for_its_part() -> None:
    text = "Wat doet de staat tegen kinderuitbuiting?"
    (span,) = spans(text, "nl", [("uitbuit",)])
    assert text[slice(*span)] == "kinderuitbuiting"
    assert spans(text, "nl", [("uitbuit", "staat")]) == []
    assert [p.text for p in snippet(text, "nl", [("uitbuit",)]).pieces if p.marked] == [
        "kinderuitbuiting"
    ]


@given(st.text(alphabet="abcdefghijklmnoprstuvwz", max_size=80))
def test_pieces_are_the_word_again(word: str) -> None:
    found = compound_pieces(word, "nl")
    assert not found or (len(found) > 1 and "".join(found) == word)


@given(st.text(max_size=200), st.sampled_from(["nl", "en", "ar", ""]))
def test_all_ways_to_the_tokens_agree(text: str, language: str) -> None:
    tokens, parts = analyse_with_parts(text, language)
    assert tokens == analyse(text, language)
    assert all(0 <= place < max(len(tokens), 1) for place, _ in parts)
