"""What people type becomes a tree; anything is a query."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import Echo
from search.query import (
    MAX_COST,
    MAX_ECHOES,
    MAX_LENGTH,
    MAX_PAIR_TOKENS,
    MAX_PAIRS,
    MAX_TERMS,
    cost,
    parse,
)


def test_words_phrases_exclusions_alternatives() -> None:
    query = parse('juvenile “best interests” -police shelter OR refuge -"last resort"').query
    assert [clause.phrase for clause in query.clauses] == [False, True, False]
    assert [len(clause.terms) for clause in query.clauses] == [1, 1, 2]
    assert [term.phrase for term in query.exclusions] == [False, True]
    assert ("best", "interest") in query.clauses[1].sequences


def test_no_reader_has_no_language() -> None:
    assert parse("alpha").query.locale == ""
    assert parse("alpha", locale="nl").query.locale == "nl"


def test_operators_at_odd_places_are_harmless() -> None:
    assert parse("OR").query.clauses == ()
    assert len(parse("OR alpha OR").query.clauses) == 1
    assert len(parse("alpha OR OR beta").query.clauses) == 1
    assert len(parse('alpha "beta gamma').query.clauses) == 3
    assert parse("- alpha").query.exclusions == ()
    assert parse("peer-to-peer").query.exclusions == ()
    assert parse("or alpha").query.counted == parse("alpha").query.counted


@pytest.mark.parametrize("dash", "-_‐‑–—−－")
def test_a_dash_inside_a_word_is_a_space(dash: str) -> None:
    for one, other in (
        ("best{}interests", "best interests"),
        ("the best{}interests of girls -police", "the best interests of girls -police"),
        ("hate{0}speech{0}online", "hate speech online"),
        ("niet{}begeleide kinderen", "niet begeleide kinderen"),
        ("peut{}il", "peut il"),
    ):
        assert parse(one.format(dash)) == parse(other)


def test_a_dash_before_a_word_excludes_and_names_stay_whole() -> None:
    query = parse("alpha -well-being –police").query
    assert [len(clause.terms) for clause in query.clauses] == [1]
    assert ("well", "be") in query.exclusions[0].sequences
    assert ("polic",) in query.exclusions[1].sequences
    for name in ("D-3F7K", "COVID-19", "e-mail", "alpha OR well-being", "2019–2020"):
        assert parse(name).query.clauses == parse(name.replace("–", "-")).query.clauses
        (clause,) = parse(name).query.clauses
        assert any(len(sequence) == 2 for sequence in clause.sequences)


def test_function_words_do_not_count_beside_others() -> None:
    query = parse("what are the rights of the child").query
    assert len(query.counted) == 2
    assert len(parse("the of").query.counted) == 2


def test_a_language_filter_chooses_the_analysis() -> None:
    every = parse("kinderen").query.clauses[0].sequences
    dutch = parse("kinderen", filters={"language": ["nl"]}).query.clauses[0].sequences
    assert set(dutch) < set(every)


def test_what_is_too_long_is_cut_and_said() -> None:
    assert parse("alpha " * 1000).shortened
    words = " ".join(f"w{n}" for n in range(MAX_TERMS + 5))
    assert len(words) < MAX_LENGTH
    found = parse(words)
    assert found.shortened
    assert len(found.query.clauses) == MAX_TERMS
    assert not parse("alpha").shortened


ENDINGS = ("ases", "ings", "ades", "ores", "ados", "ités", "eren", "ijen", "enen", "ists", "ants")
HEAVY = {
    "hyphens": " ".join(f"b{x}-{y}-{z}" for x, y, z in product(ENDINGS, repeat=3)),
    "phrases": " ".join(f'"{x}c {y}"' for x, y in product(ENDINGS, repeat=2)),
    "alternatives": " OR ".join(f"d{x}-{y}" for x, y in product(ENDINGS, repeat=2)),
    "exclusions": " ".join(f"-d{x}-{y}" for x, y in product(ENDINGS, repeat=2)),
    "compounds": " ".join(f"kinder{x}" for x in ("rechten", "arbeid", "opvang", "bijslag") * 20),
}


@pytest.mark.parametrize("kind", HEAVY)
def test_what_a_question_costs_an_engine_is_bounded(kind: str) -> None:
    found = parse(HEAVY[kind][:MAX_LENGTH])
    query = found.query
    terms = [term for clause in query.clauses for term in clause.terms] + list(query.exclusions)
    assert terms
    assert sum(cost(term) for term in terms) <= MAX_COST
    assert found.shortened is (kind not in ("compounds", "phrases"))
    assert len(query.pairs) <= MAX_PAIRS
    assert all(len(pair) <= MAX_PAIR_TOKENS for pair in query.pairs)
    assert len(query.echoes) <= MAX_ECHOES


def test_what_people_write_is_not_cut() -> None:
    for text in (
        '"a single phrase of many words that stands between quotation marks and goes on and on"',
        "Implementation of the Optional Protocol to the Convention on the Rights of the Child on"
        " the sale of children, child prostitution and child pornography: report of the committee"
        " to the General Assembly on its seventy-fourth session",
        "tussen wal en schip: niet-begeleide minderjarige vreemdelingen in de jeugdzorg",
    ):
        assert not parse(text).shortened
    (clause,) = parse('"' + "rights of every child " * 17 + '"').query.clauses
    assert clause.phrase


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=500))
def test_anything_is_a_query(text: str) -> None:
    query = parse(text).query
    for clause in query.clauses:
        assert clause.sequences
        for sequence in clause.sequences:
            assert all(token and '"' not in token and "'" not in token for token in sequence)


def test_neighbours_are_pairs_with_what_stands_between() -> None:
    assert ("best", "interest") in parse("best interests").query.pairs
    assert ("right", "of", "the", "child") in parse("What are the rights of the child?").query.pairs
    assert ("droit", "de", "enfant") in parse("droits de l’enfant").query.pairs
    assert parse("child").query.pairs == parse("the child").query.pairs == ()


def test_pairs_stop_at_phrases_alternatives_and_exclusions() -> None:
    for text in ('alpha "beta gamma"', "alpha OR beta", "alpha -beta", '"alpha beta"'):
        assert parse(text).query.pairs == ()
    assert len(parse(" ".join(f"w{n}" for n in range(MAX_TERMS))).query.pairs) <= MAX_PAIRS


def test_a_compound_is_asked_as_its_parts_too() -> None:
    (clause,) = parse("kinderrechten").query.clauses
    assert clause.echoes == (Echo((("kind",), ("recht",))),)
    assert parse("kinderrechten", filters={"language": ["fr"]}).query.echoes == ()
    assert parse('"kinderrechten" -kinderarbeid').query.echoes == ()
    (either,) = parse("kinderrechten OR kinderarbeid").query.clauses
    assert len(either.echoes) == 2
