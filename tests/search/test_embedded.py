"""The embedded engine keeps the contract, in the database that the tests run on."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError, connection

from search.engines.base import Engine, Query, SearchUnavailable
from search.engines.embedded import EmbeddedEngine
from tests.search.contract import PUBLIC, EngineContract


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


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL is not PostgreSQL")
class TestOnPostgresql(TestEmbedded):
    """The same on a real server: the whole contract again, where `make test-services` runs it."""
