"""Elasticsearch keeps the contract, on a real server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from search import engines
from search.engines.base import Access, Engine, Query, SearchUnavailable
from search.engines.elasticsearch import ElasticsearchEngine, client
from search.engines.elasticsearch.aliases import SIDES, Names, indices
from search.engines.elasticsearch.asking import Question
from search.engines.index_docs import Held
from search.query import parse
from tests.search.contract import (
    PUBLIC,
    EngineContract,
    ask,
    document,
    many_in_english_and_one_in_french,
    refs,
)

URL = os.environ.get("ELASTICSEARCH_URL", "")
MEMBER = Access.for_labels({"org:1", "public"})

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server"),
]


@pytest.fixture(scope="session")
def names() -> Names:
    return Names(f"test-{secrets.token_hex(4)}")


@pytest.fixture
def engine(names: Names, settings: Any) -> Iterator[ElasticsearchEngine]:
    """An empty engine of this session's own indices, which go away with the test."""
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}
    engine = ElasticsearchEngine(names, refresh=True)
    engine.ensure()
    yield engine
    engine.sweep()
    engine.drop()


@pytest.fixture
def server(engine: ElasticsearchEngine) -> Elasticsearch:
    return client.writing()


class TestElasticsearch(EngineContract):
    @pytest.fixture
    def engine(self, engine: ElasticsearchEngine) -> Engine:
        return engine

    @pytest.mark.django_db
    def test_the_form_of_a_word_that_few_texts_hold_is_no_rare_word(self, engine: Engine) -> None:
        """The embedded engine, which holds the same, tells what the forms are worth."""
        engines.embedded().index(many_in_english_and_one_in_french())
        assert isinstance(engine, ElasticsearchEngine)
        told = ElasticsearchEngine(engine.names, refresh=True, shares=engines.embedded().shares)
        super().test_the_form_of_a_word_that_few_texts_hold_is_no_rare_word(told)
        assert ask(engine, "children", size=20).hits[0].ref == "french"


# The index of public things ----------------------------------------------------------------
def test_the_public_index_holds_public_records_alone(engine: ElasticsearchEngine) -> None:
    engine.index(
        [
            document("p", "alpha"),
            document("o", "alpha", labels=["org:1"]),
            document("n", "alpha", labels=[]),
        ]
    )
    assert (set(engine.held()), set(engine.held_publicly())) == ({"p", "o", "n"}, {"p"})
    engine.relabel("o", ["org:1", "public"], 2)
    engine.relabel("p", ["org:1"], 2)
    assert set(engine.held_publicly()) == {"o"}
    engine.delete(["o"], version=3)
    assert (set(engine.held()), set(engine.held_publicly())) == ({"p", "n"}, set())


def test_a_late_write_does_not_bring_back_what_was_taken_away(
    engine: ElasticsearchEngine,
) -> None:
    engine.index([document("a", "alpha", version=5), document("b", "alpha", version=5)])
    engine.index([document("a", "alpha", labels=["org:1"], version=7)])
    engine.delete(["b"], version=7)
    late = [document(ref, "alpha", version=6) for ref in "ab"]
    assert engine.index(late) == 0
    assert engine.relabel("a", ["public"], 6)
    assert (set(engine.held()), set(engine.held_publicly())) == ({"a"}, set())
    assert ask(engine, "alpha").total == 0
    assert engine.index([document("b", "alpha", version=8)]) == 1
    assert refs(ask(engine, "alpha")) == {"b"}


def test_deletions_are_remembered_for_a_day(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    for side in SIDES:
        (index,) = indices(server, engine.names.write(side))
        found = server.indices.get_settings(index=index)[index]["settings"]["index"]
        assert found["gc_deletes"] == "24h"


def test_a_stranger_is_answered_to_the_byte_as_if_nothing_were_hidden(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    words = ["beta", "delta", "beta zeta", "gamma", "beta beta delta"]
    engine.index(
        document(f"p{n}", f"alpha {word}", [f"{word} gamma"] * 2, kind=[word], day=n)
        for n, word in enumerate(words * 4)
    )
    texts = ["alpha", "beta gamma", "delta -zeta", '"alpha beta"', "", "secret", "beta zeta omega"]

    def answers() -> list[Any]:
        found = []
        for text in texts:
            for relaxed in (False, True):
                query = parse(text).query
                if relaxed and not query.can_relax:
                    continue
                body = Question(query, PUBLIC, relaxed=relaxed).body(1, 9)
                # Scores too, which `Results` never tells.
                body["track_scores"] = True
                body["query"]["bool"]["must_not"] = []
                answer = server.search(index=engine.names.read("public"), body=body)
                found.append((answer["hits"], answer["aggregations"]))
        return found

    before = answers()
    hidden = [
        document(f"h{n}", "secret beta", ["alpha beta secret"] * 3, ["org:1"], kind=["z"])
        for n in range(40)
    ]
    engine.index(hidden)
    engine.index(replace(doc, version=2) for doc in hidden)
    engine.delete([doc.ref for doc in hidden[:20]])
    assert answers() == before


@pytest.mark.nightly
def test_what_was_public_leaves_the_statistics_when_it_is_expunged(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    engine.index(document(f"p{n}", "", [f"alpha word{n}"]) for n in range(20))

    def score() -> float:
        body = Question(parse("alpha").query, PUBLIC, relaxed=False).body(1, 9)
        answer = server.search(index=engine.names.read("public"), body=body)
        return float(answer["hits"]["hits"][0]["_score"])

    before = score()
    engine.index(document(f"h{n}", "", ["alpha secret"]) for n in range(20))
    engine.delete([f"h{n}" for n in range(20)])
    engine.expunge()
    assert score() == before
    (index,) = indices(server, engine.names.write("public"))
    found = server.indices.stats(index=index)["indices"][index]["primaries"]["docs"]
    assert found["deleted"] == 0


# What is written ---------------------------------------------------------------------------
def test_nothing_but_what_is_mapped_is_stored(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    for extra in ({"text": "words"}, {"pages": [{"text": "words"}]}, {"facets": {"other": "x"}}):
        with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
            server.index(index=engine.names.write("all"), id="x", document=extra)


def test_writing_to_what_is_not_there_makes_nothing(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    engine.drop()
    for act in (
        lambda: engine.index([document("a", "alpha")]),
        lambda: engine.delete(["a"]),
        lambda: engine.delete(["a"], version=3),
        lambda: engine.relabel("a", ["public"], 2),
        lambda: engine.held(["a"]),
        lambda: engine.held_of_family("a"),
        engine.held,
        engine.count,
        lambda: engine.search(Query(), PUBLIC),
        lambda: engine.search(Query(), MEMBER),
    ):
        with pytest.raises(SearchUnavailable):
            act()
    assert list(server.indices.get(index=f"{engine.names.prefix}-*")) == []
    assert engine.state()["health"] == "red"
    engine.ensure()
    assert (engine.count(), engine.state()["health"]) == (0, "green")


def test_an_index_that_may_only_be_read_is_trouble_for_writing(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    engine.index([document("a", "alpha")])
    (index,) = indices(server, engine.names.write("all"))
    server.indices.put_settings(index=index, settings={"index.blocks.write": True})
    with pytest.raises(SearchUnavailable, match="403"):
        engine.index([document("b", "alpha")])
    with pytest.raises(SearchUnavailable, match="403"):
        engine.delete(["a"])
    assert refs(ask(engine, "alpha", MEMBER)) == {"a"}
    server.indices.put_settings(index=index, settings={"index.blocks.write": False})
    assert engine.index([document("b", "alpha", version=2)]) == 1


def test_a_closed_index_is_trouble_for_asking(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    (index,) = indices(server, engine.names.read("public"))
    server.indices.close(index=index)
    with pytest.raises(SearchUnavailable):
        ask(engine, "alpha")
    assert ask(engine, "alpha", MEMBER).total == 0


def test_many_records_are_sent_in_pieces(engine: ElasticsearchEngine) -> None:
    long = " ".join(f"word{n}" for n in range(3_000))
    docs = [document(f"d{n}", "alpha", [long] * 30) for n in range(40)]
    assert engine.index(docs) == 40
    assert (engine.count(), ask(engine, "word2999", size=50).total) == (40, 40)


def test_more_hits_than_can_be_shown_are_counted(engine: ElasticsearchEngine) -> None:
    engine.index(document(f"d{n}", "alpha") for n in range(10_003))
    found = ask(engine, "alpha", page=10**9, size=30)
    assert (found.total, found.capped, found.page, found.pages) == (10_003, True, 334, 334)
    assert len(found.hits) == 10
    assert len(engine.held()) == 10_003


# Aliases -----------------------------------------------------------------------------------
def test_an_index_is_built_beside_and_taken_over_at_once(engine: ElasticsearchEngine) -> None:
    engine.index([document("old", "alpha")])
    beside = engine.beside()
    beside.index([document("new", "alpha", version=3), document("o", "alpha", labels=["org:1"])])
    assert (refs(ask(engine, "alpha")), refs(ask(beside, "alpha"))) == ({"old"}, {"new"})
    before = engine.state()
    engine.adopt(beside)
    assert refs(ask(engine, "alpha")) == {"new"}
    assert refs(ask(engine, "alpha", MEMBER)) == {"new", "o"}
    held = Held(3, document("x").analyser, "", frozenset({"public"}))
    assert engine.held(["new"]) == {"new": held}
    after = engine.state()
    assert [after["sides"][side]["count"] for side in SIDES] == [2, 1]
    for side in SIDES:
        assert after["sides"][side]["indices"] == after["sides"][side]["writes_to"]
        assert after["sides"][side]["indices"] != before["sides"][side]["indices"]
    assert engine.index([document("new", "beta", version=4)]) == 1
    with pytest.raises(SearchUnavailable):
        beside.index([document("lost", "alpha")])


def test_what_was_built_in_vain_goes_away(
    engine: ElasticsearchEngine, server: Elasticsearch
) -> None:
    engine.index([document("a", "alpha")])
    beside = engine.beside()
    beside.index([document("b", "alpha")])
    beside.drop()
    engine.beside()
    engine.sweep()
    assert len(server.indices.get(index=f"{engine.names.prefix}-*")) == len(SIDES)
    assert refs(ask(engine, "alpha")) == {"a"}


def test_a_lost_alias_comes_back(engine: ElasticsearchEngine, server: Elasticsearch) -> None:
    engine.index([document("a", "alpha")])
    (index,) = indices(server, engine.names.write("all"))
    server.indices.delete_alias(index=index, name=engine.names.write("all"))
    with pytest.raises(SearchUnavailable):
        engine.index([document("b", "alpha")])
    engine.ensure()
    assert engine.index([document("b", "alpha")]) == 1
    assert engine.count() == 2
