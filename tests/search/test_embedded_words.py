"""Suggestions, corrections, presence and pages within one record, from the embedded tables."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from coalitions.language import analyse
from search.engines.base import Access, Clause, Echo, Query, Term
from search.engines.embedded import EmbeddedEngine, spellings
from search.engines.index_docs import IndexDoc, title_key
from search.models import EntryTitle, EntryWords, Head, LabelWord, Spelling
from search.query import parse
from tests.search.contract import PUBLIC, document

MEMBER = Access.for_labels({"org:1", "public"})


def titled(ref: str, title: str, labels: tuple[str, ...] = ("public",), day: int = 0) -> IndexDoc:
    words = tuple(dict.fromkeys(analyse(title)))
    return replace(
        document(ref, title, ["of it"], labels, day=day),
        heads=words,
        vocabulary=frozenset(words),
        title_keys=(title_key(analyse(title, "en")),),
    )


@pytest.mark.django_db
class TestWords:
    @pytest.fixture
    def engine(self) -> EmbeddedEngine:
        engine = EmbeddedEngine()
        engine.index(
            [
                titled("rights", "The rights of the child", day=1),
                titled("child", "Child protection handbook", day=2),
                titled("hidden", "Childless secrets of rights", ("org:1",), day=9),
                titled("other", "Water and sanitation"),
            ]
        )
        return engine

    # Suggestions ---------------------------------------------------------------------------
    def test_titles_that_begin_to_be_typed(self, engine: EmbeddedEngine) -> None:
        assert engine.suggest(["chi"], PUBLIC, 5) == ["child", "rights"]
        assert engine.suggest(["chi"], MEMBER, 5) == ["hidden", "child", "rights"]
        assert engine.suggest(["chi"], MEMBER, 1) == ["hidden"]
        assert engine.suggest(["rights", "of", "the", "c"], PUBLIC, 5) == ["rights"]
        assert engine.suggest(["of", "rights"], MEMBER, 5) == ["rights", "hidden"]
        assert engine.suggest(["secr"], PUBLIC, 5) == []
        assert engine.suggest(["x'%_\\", "c"], PUBLIC, 5) == []
        assert engine.suggest([], PUBLIC, 5) == engine.suggest([""], PUBLIC, 5) == []
        assert engine.suggest(["chi"], Access.for_labels(()), 5) == []
        withheld = replace(MEMBER, withheld=frozenset({"hidden"}))
        assert engine.suggest(["chi"], withheld, 5) == ["child", "rights"]

    def test_suggestions_follow_every_change(self, engine: EmbeddedEngine) -> None:
        engine.relabel("hidden", ["public"], 2)
        assert engine.suggest(["secr"], PUBLIC, 5) == ["hidden"]
        engine.relabel("hidden", ["org:2"], 3)
        assert engine.suggest(["secr"], MEMBER, 5) == []
        engine.relabel("hidden", [], 4)
        engine.relabel("hidden", ["org:1"], 5)
        assert engine.suggest(["secr"], MEMBER, 5) == ["hidden"]
        engine.index([replace(titled("hidden", "Bright"), version=6)])
        assert engine.suggest(["secr"], MEMBER, 5) == []
        assert engine.suggest(["bri"], PUBLIC, 5) == ["hidden"]
        past = datetime.now(tz=UTC) - timedelta(seconds=1)
        engine.index([replace(titled("hidden", "Bright"), version=7, until=past)])
        assert engine.suggest(["bri"], PUBLIC, 5) == []
        engine.delete(["child", "hidden"])
        assert engine.suggest(["chi"], PUBLIC, 5) == ["rights"]
        engine.clear()
        kept = (EntryTitle, EntryWords, Head, LabelWord, Spelling)
        assert [model._default_manager.count() for model in kept] == [0] * 5

    # Corrections ---------------------------------------------------------------------------
    @pytest.mark.parametrize("typed", ["sanitaton", "sanittation", "sanitatoin", "samitation"])
    def test_words_close_to_what_was_typed(self, engine: EmbeddedEngine, typed: str) -> None:
        assert engine.spellings(typed, PUBLIC) == ["sanitation"]
        assert engine.spellings(typed, Access.for_labels(())) == []

    def test_nothing_is_corrected_to_what_only_others_see(self, engine: EmbeddedEngine) -> None:
        assert engine.spellings("secrest", PUBLIC) == []
        assert engine.spellings("secrest", MEMBER) == ["secrets"]
        engine.relabel("hidden", ["org:1", "public"], 2)
        assert engine.spellings("secrest", PUBLIC) == ["secrets"]
        engine.delete(["hidden"])
        engine.tidy()
        assert engine.spellings("secrest", MEMBER) == []
        assert engine.spellings("sanitaton", PUBLIC) == ["sanitation"]
        assert not Spelling.objects.filter(word="secrets").exists()
        assert not LabelWord.objects.filter(word="secrets").exists()

    def test_a_word_goes_from_under_a_label_that_is_taken_away(
        self, engine: EmbeddedEngine
    ) -> None:
        engine.relabel("child", ["org:1"], 2)
        engine.relabel("rights", ["org:1"], 2)
        assert spellings.prune() == 0
        kept = LabelWord.objects.filter(word__in=("handbook", "child", "water"))
        assert sorted(kept.values_list("word", "label")) == [
            ("child", "org:1"),
            ("handbook", "org:1"),
            ("water", "public"),
        ]
        assert engine.spellings("handbok", PUBLIC) == []
        assert engine.spellings("handbok", MEMBER) == ["handbook"]

    def test_words_that_begin_so(self, engine: EmbeddedEngine) -> None:
        assert engine.begun(["child", "wat", "x"], PUBLIC) == [["child"], ["water"], []]
        assert engine.begun(["child"], MEMBER) == [["child", "childless"]]
        assert engine.begun(["child"], Access.for_labels(())) == [[]]
        assert engine.begun([], MEMBER) == []

    def test_none_is_left_out_and_the_closest_come_first(self, engine: EmbeddedEngine) -> None:
        letters = "abcdefghijklmnop"
        words = frozenset({"wxater", *(f"water{a}" for a in letters)})
        engine.index([replace(document("many"), vocabulary=words)])
        found = engine.spellings("waterz", PUBLIC)
        assert found[0] == "water"
        assert len(found) == len(letters) + 2
        assert engine.spellings("wat", PUBLIC) == engine.spellings("w" * 40, PUBLIC) == []

    def test_distance(self) -> None:
        assert [spellings.distance("child", w) for w in ("child", "chlid", "chil", "wilde")] == [
            0,
            1,
            1,
            3,
        ]

    # Presence ------------------------------------------------------------------------------
    def test_whether_words_stand_in_anything_visible(self, engine: EmbeddedEngine) -> None:
        words = ("secret", "sanit", "absent", "right")
        terms = [Term(((word,),)) for word in words]
        assert engine.present(terms, PUBLIC) == {1, 3}
        assert engine.present(terms, MEMBER) == {0, 1, 3}
        withheld = replace(MEMBER, withheld=frozenset({"hidden"}))
        assert engine.present(terms, withheld) == {1, 3}
        assert engine.present(terms, Access.for_labels(())) == frozenset()
        assert engine.present([], MEMBER) == frozenset()

    # Within one record -----------------------------------------------------------------------
    def test_pages_of_one_record(self, engine: EmbeddedEngine) -> None:
        texts = ["alpha beta", "gamma", "beta alpha", "alpha delta", "alpha"]
        engine.index([document("a", "Title alpha", texts, ["org:1"])])

        def pages(text: str, access: Access = MEMBER, limit: int = 50) -> list[int]:
            return engine.pages_within("a", parse(text).query, access, limit)

        assert pages("alpha") == [1, 3, 4, 5]
        assert pages("alpha", limit=2) == [1, 3]
        assert pages("title") == []
        assert pages("gamma OR beta") == [1, 2, 3]
        assert pages("alpha -delta") == [1, 3, 5]
        assert pages('"gamma beta"') == [2]
        assert pages("alpha", PUBLIC) == pages("") == []
        assert engine.pages_within("absent", parse("alpha").query, MEMBER, 5) == []
        echo = Echo((("titl",), ("gamma",)))
        query = Query((Clause((Term((("zeta",),)),), (echo,)),))
        assert engine.pages_within("a", query, MEMBER, 5) == [2]

    # Small boosts ----------------------------------------------------------------------------
    def test_the_title_that_was_typed_comes_first(self, engine: EmbeddedEngine) -> None:
        engine.index(
            titled(f"x{n}", f"Child protection handbook {w}", day=300)
            for n, w in enumerate(("one", "two", "handbook protection"))
        )
        for text in ("child protection handbook", '"Child Protection Handbook"'):
            assert engine.search(parse(text).query, PUBLIC).hits[0].ref == "child"

    def test_of_equals_the_newer_comes_first(self, engine: EmbeddedEngine) -> None:
        order = list(range(12))
        random.Random(1).shuffle(order)
        engine.index(document(f"d{n:02}", "alpha", ["beta"], day=-30 * n) for n in order)
        found = [hit.ref for hit in engine.search(parse("beta", size=20).query, PUBLIC).hits]
        assert found == sorted(found)


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL is not PostgreSQL")
class TestWordsOnPostgresql(TestWords):
    """The same on a real server."""


@pytest.mark.django_db
def test_no_more_close_words_are_looked_at_than_a_question_may_cost() -> None:
    """Texts may be made of words that are all alike."""
    alike = {f"water{chr(0x4E00 + number)}" for number in range(spellings.MAX_CLOSE + 50)}
    spellings.add({"public": [*alike, "waters", "watch"]})
    found = spellings.candidates("waterz", PUBLIC)
    assert len(found) == spellings.MAX_CLOSE
    assert found == spellings.candidates("waterz", PUBLIC)
    assert "waters" in found
    assert "watch" not in found


def test_titles_are_read_from_words_without_operators() -> None:
    english = title_key(analyse("Rights of the child", "en"))
    assert english in parse("rights of the child").query.titles
    assert english in parse('"rights of the child"').query.titles
    for text in ('rights of the "child"', "rights of the -child", "rights OR of the child", ""):
        assert parse(text).query.titles == ()


def test_words_survive_packing() -> None:
    words = {"water", "حقوق", "abc", "éclair", "x1y2z3", "w" * 31}
    assert spellings.unpack(spellings.pack(spellings.fit(words))) == sorted(
        {"water", "حقوق", "éclair"}
    )
    assert spellings.unpack(memoryview(spellings.pack(()))) == []
