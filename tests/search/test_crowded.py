"""Words that stand on very many pages, on PostgreSQL: not all of these pages are weighed.

Which records match, how many, and their facets are told exactly all the same; what was weighed
comes first, and the others follow by date.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.db import connection

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine, ranks, tokens
from search.engines.index_docs import IndexDoc
from tests.search.brute import answer
from tests.search.contract import PUBLIC, World, ask, document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only there are some left out"),
]
MOST = 10
HELD, SELDOM = 40, ("d07", "d21", "d33")


class Counted(EmbeddedEngine):
    """Counts its tokens after every change, however few rows it has."""

    def index(self, docs: Iterable[IndexDoc]) -> int:
        written = super().index(docs)
        self._count()
        return written

    def relabel(self, ref: str, labels: Iterable[str], version: int) -> bool:
        done = super().relabel(ref, labels, version)
        self._count()
        return done

    def delete(self, refs: Iterable[str], *, version: int | None = None) -> int:
        gone = super().delete(refs, version=version)
        self._count()
        return gone

    def _count(self) -> None:
        for public in (True, False):
            tokens.count(public=public)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(ranks, "MOST_PAGES", MOST)
    return Counted()


def crowd() -> list[IndexDoc]:
    """Forty records that hold one word, three of them a second; older ones first."""
    return [
        document(
            name := f"d{n:02}",
            f"record {n}",
            [f"children {'seldom ' * (name in SELDOM)}" + "word " * n],
            day=n,
            theme=["even" if n % 2 == 0 else "odd"],
        )
        for n in range(HELD)
    ]


def test_totals_and_facets_are_exact(engine: Engine) -> None:
    engine.index(crowd())
    found = ask(engine, "children", PUBLIC)
    assert found.total == HELD
    counts = {count.value: count.count for count in found.facets["theme"]}
    assert counts == {"even": HELD // 2, "odd": HELD // 2}


def test_what_was_weighed_comes_first_and_the_others_by_date(engine: Engine) -> None:
    engine.index(crowd())
    refs = [hit.ref for hit in ask(engine, "children", PUBLIC, size=HELD).hits]
    assert len(refs) == len(set(refs)) == HELD
    assert refs[MOST:] == sorted(refs[MOST:], reverse=True)
    assert refs != sorted(refs, reverse=True)


def test_all_pages_of_the_rarer_word_are_weighed(engine: Engine) -> None:
    engine.index(crowd())
    found = ask(engine, "children seldom", PUBLIC)
    assert {hit.ref for hit in found.hits[: len(SELDOM)]} == set(SELDOM)
    assert found.total == HELD


@pytest.mark.parametrize("seed", range(8))
def test_sets_totals_and_facets_equal_brute_force(engine: Engine, seed: int) -> None:
    world = World(random.Random(seed))
    docs = [world.document(n) for n in range(60)]
    engine.index(docs)
    for _ in range(30):
        query, access = replace(world.query(), size=len(docs), page=1), world.access()
        expected, found = answer(docs, query, access), engine.search(query, access)
        counts = {
            name: {value.value: value.count for value in values}
            for name, values in found.facets.items()
        }
        assert {hit.ref for hit in found.hits} == expected.refs, query
        assert found.total == len(found.hits) == len(expected.refs), query
        assert counts == expected.facets, query
