"""A place of its own for an engine, made for one measurement and gone after it.

Invariant: while a place is open, everything that this thread asks of the database goes there;
live tables and indices are neither read nor written. It goes away however the block ends.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.utils import DEFAULT_DB_ALIAS, ConnectionHandler

from search.engines.base import Engine, SearchUnavailable
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch.aliases import Names
from search.engines.embedded import EmbeddedEngine

APP = "search"


@contextmanager
def embedded_apart() -> Iterator[Engine]:
    """The embedded engine in a database of its own, of the kind that is live."""
    live = connections[DEFAULT_DB_ALIAS]
    place = _schema(live) if live.vendor == "postgresql" else _file()
    with place as database, _instead(database):
        yield EmbeddedEngine()


@contextmanager
def elasticsearch_apart() -> Iterator[Engine]:
    """Elasticsearch with indices of its own."""
    names = Names(f"{settings.ELASTICSEARCH['prefix']}-apart-{uuid4().hex[:12]}")
    engine = ElasticsearchEngine(names, refresh=True)
    try:
        engine.ensure()
        yield engine
    finally:
        engine.drop()


@contextmanager
def _instead(database: BaseDatabaseWrapper) -> Iterator[None]:
    live = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = database
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = live
        database.close()


@contextmanager
def _file() -> Iterator[BaseDatabaseWrapper]:
    # Nothing here outlives a crash, so nothing waits for the disk.
    quick = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
    with TemporaryDirectory(prefix="search-apart-") as folder:
        entry = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(folder, "apart.sqlite3")),
            "OPTIONS": {"init_command": quick},
        }
        handler = ConnectionHandler({DEFAULT_DB_ALIAS: entry})
        database: BaseDatabaseWrapper = handler[DEFAULT_DB_ALIAS]
        _make_tables(database)
        yield database


def _make_tables(database: BaseDatabaseWrapper) -> None:
    """The tables of search alone, made by their own migrations."""
    loader = MigrationLoader(database)
    steps = [
        key
        for leaf in loader.graph.leaf_nodes(APP)
        for key in loader.graph.forwards_plan(leaf)
        if key[0] == APP
    ]
    before = {
        parent.key
        for step in steps
        for parent in loader.graph.node_map[step].parents
        if parent.key[0] != APP
    }
    state = loader.graph.make_state(nodes=sorted(before), real_apps=loader.unmigrated_apps)
    for step in dict.fromkeys(steps):
        migration = loader.graph.nodes[step]
        with database.schema_editor(atomic=migration.atomic) as editor:
            state = migration.apply(state, editor)


@contextmanager
def _schema(live: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """A schema beside the live one, with the same empty tables."""
    name = f"search_apart_{uuid4().hex[:12]}"
    entry = copy.deepcopy(live.settings_dict)
    entry["OPTIONS"] = {
        **{key: value for key, value in entry.get("OPTIONS", {}).items() if key != "pool"},
        "options": f"-c search_path={name} -c synchronous_commit=off",
    }
    database: BaseDatabaseWrapper = ConnectionHandler({DEFAULT_DB_ALIAS: entry})[DEFAULT_DB_ALIAS]
    try:
        with database.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {name}")
            cursor.execute(
                "SELECT n.nspname, c.relname FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind = 'r' AND c.relname LIKE 'search\\_%%'"
                " AND n.nspname = 'public' ORDER BY c.relname"
            )
            tables = cursor.fetchall()
            if not tables:
                raise SearchUnavailable("the database has no tables yet; run migrate")
            for schema, table in tables:
                cursor.execute(
                    f'CREATE TABLE {name}."{table}" (LIKE "{schema}"."{table}" INCLUDING ALL)'
                )
        yield database
    finally:
        with database.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        database.close()
