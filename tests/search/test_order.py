"""What the order of hits alone can tell a signed-in person about records that they may not see.

Sets, totals and facets tell nothing (the contract). The order rests on how rare words are among
all records: this measures how often it changes when hidden records come, and that a stranger's
never does. `-s` prints the figures that the engines' docstrings state.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import pytest

from search.engines.base import Access, Engine
from search.evaluation.apart import elasticsearch_apart, embedded_apart
from search.query import parse
from tests.search.contract import PUBLIC, document
from tests.search.test_elasticsearch import URL

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
MEMBER = Access.for_labels({"org:1", "public"})
VISIBLE, QUESTIONS = 400, 200
# The hidden ones as a share of the visible.
SHARES = (0.01, 0.1, 1.0)
WORDS = [f"word{a}{b}" for a in "bcdfghklmnprstvwz" for b in "bcdfghklmnprstvwz"]


def _texts(chance: random.Random, count: int, lean: int) -> Iterator[str]:
    """Texts of words by rank; `lean` moves what is common, as another subject does."""
    weights = [1 / (1 + (n + lean) % len(WORDS)) for n in range(len(WORDS))]
    for _ in range(count):
        yield " ".join(chance.choices(WORDS, weights, k=chance.randint(20, 120)))


def measure(engine: Engine) -> list[tuple[float, float, float]]:
    """(share of hidden records, share of orders changed, share of first hits changed)."""
    chance = random.Random(11)
    engine.index(
        document(f"v{n}", "", [text], ["public"] if n % 3 else ["org:1"], day=n)
        for n, text in enumerate(_texts(chance, VISIBLE, 0))
    )
    questions = [parse(" ".join(chance.choices(WORDS[:120], k=3))).query for _ in range(QUESTIONS)]

    def orders(access: Access) -> list[list[str]]:
        return [[hit.ref for hit in engine.search(q, access).hits] for q in questions]

    before, strangers = orders(MEMBER), orders(PUBLIC)
    told, held = [], 0
    for share in SHARES:
        wanted = int(VISIBLE * share)
        engine.index(
            document(f"h{n}", "", [text], ["org:2"], day=n)
            for n, text in enumerate(_texts(chance, wanted - held, 150), held)
        )
        held = wanted
        now = orders(MEMBER)
        assert orders(PUBLIC) == strangers
        pairs = list(zip(before, now, strict=True))
        changed = sum(old != new for old, new in pairs) / QUESTIONS
        first = sum(old[:1] != new[:1] for old, new in pairs) / QUESTIONS
        sys.stdout.write(
            f"\n{engine.name}: {share:.0%} hidden records more: {changed:.1%} of orders of ten"
            f" changed, {first:.1%} of first hits"
        )
        told.append((share, changed, first))
    return told


def test_how_often_hidden_records_change_an_order() -> None:
    with embedded_apart() as engine:
        assert all(first <= changed < 1 for _, changed, first in measure(engine))


@pytest.mark.services
@pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server")
def test_how_often_they_change_it_on_the_server(settings: pytest.FixtureRequest) -> None:
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}  # type: ignore[attr-defined]
    with elasticsearch_apart() as engine:
        assert all(first <= changed <= 1 for _, changed, first in measure(engine))
