"""The embedded engine keeps the contract, in the database that the tests run on."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from search.engines.base import Access, Engine, Query, SearchUnavailable
from search.engines.embedded import EmbeddedEngine, document_rows
from search.engines.embedded.writing import BATCH
from tests.search.contract import PUBLIC, EngineContract, ask, document, refs

WORDS = ("late", "old", "first", "third", "second", "new")


@pytest.mark.django_db
class TestEmbedded(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return EmbeddedEngine()

    def test_trouble_is_never_an_empty_answer(self, engine: Engine) -> None:
        with (
            mock.patch.object(connection, "cursor", side_effect=OperationalError("locked")),
            pytest.raises(SearchUnavailable),
        ):
            engine.search(Query(), PUBLIC)

    def test_a_batch_of_new_known_and_late_records(self, engine: Engine) -> None:
        engine.index([document("b", "beta", ["old"], version=5), document("c", "", version=9)])
        batch = [
            document("c", "late", version=8),
            document("b", "beta", ["new"], ["org:1"], version=6),
            document("a", "alpha", ["first"], version=2),
            document("a", "alpha", ["second"], version=3),
            document("a", "alpha", ["third"], version=1),
        ]
        assert engine.index(batch) == 3
        assert {ref: known.version for ref, known in engine.held().items()} == {
            "a": 3,
            "b": 6,
            "c": 9,
        }
        member = Access.for_labels({"org:1", "public"})
        found = {word: refs(ask(engine, word, member)) for word in WORDS}
        assert found == {**{word: set() for word in WORDS}, "second": {"a"}, "new": {"b"}}

    def test_a_batch_takes_no_more_statements_than_a_record(self, engine: Engine) -> None:
        def statements(*names: str, version: int = 1) -> int:
            docs = [
                document(name, "alpha", ["beta"], theme=["x"], version=version) for name in names
            ]
            with CaptureQueriesContext(connection) as asked:
                engine.index(docs)
            return len(asked)

        many = [f"d{n}" for n in range(BATCH)]
        assert statements(*many) == statements("one")
        assert statements(*many, version=2) == statements("one", version=2)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone has document rows")
class TestDocumentRows(EngineContract):
    """The same sets, totals, facets and pages from a row per record."""

    queries = 40

    @pytest.fixture
    def engine(self) -> Engine:
        document_rows.build()
        return EmbeddedEngine()

    def test_they_follow_the_size(self, engine: Engine, settings: Any) -> None:
        document_rows.drop()
        settings.SEARCH_DOCUMENT_ROWS_FROM = 3
        embedded = EmbeddedEngine()
        embedded.index(document(f"d{n}", "alpha", ["beta", "gamma"]) for n in range(2))
        embedded.tidy()
        assert not document_rows.ready()
        embedded.index([document("more", "alpha", ["beta gamma"])])
        embedded.tidy()
        assert document_rows.ready()
        assert ask(embedded, '"beta gamma"').total == 3
        embedded.relabel("more", ["org:1"], 2)
        assert ask(embedded, "alpha").total == 2
        embedded.delete(["more", "d0"])
        embedded.tidy()
        assert not document_rows.kept()
        assert ask(embedded, "alpha").total == 1

    def test_the_best_pages_decide(self, engine: Engine) -> None:
        filler = [document(f"f{n}", "", ["else"]) for n in range(20)]
        long = document("long", "", ["alpha alpha x", *(["y z"] * 30), "beta w"])
        short = document("short", "", [*(["y z"] * 5), "alpha beta"])
        engine.index([long, short, *filler])
        found = ask(engine, "alpha beta").hits
        assert [(hit.ref, hit.page) for hit in found] == [("short", 6), ("long", 1)]

    def test_pages_of_very_long_records(self, engine: Engine) -> None:
        texts = ["alpha y", *(["alpha z"] * 600), "alpha beta", "alpha"]
        engine.index([document("long", "", texts), document("other", "", ["alpha beta"])])
        pages = {hit.ref: hit.page for hit in ask(engine, "alpha beta").hits}
        assert pages == {"long": 602, "other": 1}

    def test_paging_over_the_end_of_what_is_ranked_again(self, engine: Engine) -> None:
        engine.index(document(f"d{n:02}", "", [f"alpha {'x ' * (n % 7)}"]) for n in range(47))
        for size in (7, 10, 40):
            first = ask(engine, "alpha", size=size)
            pages = [ask(engine, "alpha", size=size, page=n) for n in range(1, first.pages + 1)]
            shown = [hit.ref for page in pages for hit in page.hits]
            assert len(shown) == len(set(shown)) == 47


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL is not PostgreSQL")
class TestOnPostgresql(TestEmbedded):
    """The same on a real server: the whole contract again, where `make test-services` runs it."""
