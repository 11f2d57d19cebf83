"""Elasticsearch keeps the contract, on a real server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from search.engines.base import Engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.aliases import Names
from tests.search.contract import EngineContract

URL = os.environ.get("ELASTICSEARCH_URL", "")

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not URL, reason="ELASTICSEARCH_URL names no server"),
]


@pytest.fixture(scope="session")
def names() -> Names:
    return Names(f"test-{secrets.token_hex(4)}")


@pytest.fixture
def elasticsearch(names: Names, settings: Any) -> Iterator[ElasticsearchEngine]:
    """An empty engine of this session's own indices, which go away with the test."""
    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": URL}
    engine = ElasticsearchEngine(names, refresh=True)
    engine.ensure()
    yield engine
    engine.drop()


class TestElasticsearch(EngineContract):
    @pytest.fixture
    def engine(self, elasticsearch: ElasticsearchEngine) -> Engine:
        return elasticsearch
