"""A question in one language finds what is written in another, through the concepts."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.aliases import Names
from search.engines.embedded import EmbeddedEngine
from tests.search.across import as_thesaurus, documents, questions, recall, sources_read

URL = os.environ.get("ELASTICSEARCH_URL", "")
ENOUGH = 0.8


def check(engine: Engine, step: int) -> None:
    """Every concept is asked for in at least one language that its document is not in."""
    sources = sources_read()
    engine.index(documents(sources))
    asked = list(questions(sources))[::step]
    found = recall(engine, as_thesaurus(sources), asked)
    assert len({question.ref for question in asked}) >= 160
    assert len(found) == 20
    assert min(found.values()) >= ENOUGH, found
    without = recall(engine, None, asked[::7])
    assert sum(without.values()) / len(without) < ENOUGH / 2, without


@pytest.fixture
def embedded(db: None) -> Iterator[Engine]:
    engine = EmbeddedEngine()
    yield engine
    engine.clear()


@pytest.fixture
def elasticsearch(settings: Any) -> Iterator[Engine]:
    """An engine of this test's own indices, which go away with it."""
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}
    engine = ElasticsearchEngine(Names(f"test-{secrets.token_hex(4)}"), refresh=True)
    engine.ensure()
    yield engine
    engine.drop()


def test_the_embedded_engine_finds_other_languages(embedded: Engine) -> None:
    check(embedded, step=3)


@pytest.mark.services
@pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server")
def test_elasticsearch_finds_other_languages(elasticsearch: Engine) -> None:
    check(elasticsearch, step=3)
