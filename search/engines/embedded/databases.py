"""Which dialect Django's database speaks."""

from __future__ import annotations

from django.db import connection

from search.engines.embedded import document_rows
from search.engines.embedded.dialect import Dialect
from search.engines.embedded.postgresql import PostgresqlDialect
from search.engines.embedded.sqlite import SqliteDialect, SqliteRecords


def dialect() -> Dialect:
    """The dialect of the database in use."""
    return PostgresqlDialect() if connection.vendor == "postgresql" else SqliteDialect()


def searching() -> Dialect:
    """The dialect to search with: by document rows where they are there."""
    return SqliteRecords() if document_rows.ready() else dialect()
