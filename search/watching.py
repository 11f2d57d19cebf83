"""Database triggers that write outbox rows, whichever way a row was changed.

Invariant: whatever an index holds of a table, a change of it leaves a row for every engine that is
fed in the same transaction: `.update()`, bulk operations and SQL by hand included. One transaction
leaves one row per object (on SQLite as long as no worker has taken it up).

They are made after every `migrate` and lifted before one that changes something: SQLite makes a
table anew when it is altered, and neither database alters a column that a trigger reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from search.watched import WATCHES, Watch

PREFIX: Final = "search_note_"


_COLUMNS = (
    "engine, kind, key, created, attempts, next_try, failure, set_aside, claim, claimed, xact"
)
_ENGINES = "SELECT 'embedded' AS name UNION SELECT name FROM search_feed"
# How a database says the time, a uuid with its dashes, and that no other row says the same.
_SAYINGS: Final = {
    "sqlite": {
        "now": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
        "false": "0",
        "xact": "NULL",
        "key": (
            "CASE WHEN length({0}) = 32 THEN substr({0}, 1, 8) || '-' || substr({0}, 9, 4) || '-'"
            " || substr({0}, 13, 4) || '-' || substr({0}, 17, 4) || '-' || substr({0}, 21)"
            " ELSE {0} END"
        ),
        "same": "true",
    },
    "postgresql": {
        "now": "clock_timestamp()",
        "false": "false",
        "xact": "pg_current_xact_id()::text::bigint",
        "key": "{0}::text",
        "same": "o.xact = pg_current_xact_id()::text::bigint",
    },
}


def _insert(vendor: str, kind: str, keys: str) -> str:
    """The statement that notes all things whose key is in `keys` (a column `key`)."""
    says = _SAYINGS[vendor]
    return (
        f"INSERT INTO search_outboxrow ({_COLUMNS})"  # noqa: S608 - constants and our own selects
        f" SELECT e.name, {kind}, k.key, {says['now']}, 0, {says['now']}, '', {says['false']},"
        f" NULL, NULL, {says['xact']} FROM ({keys}) k CROSS JOIN ({_ENGINES}) e"
        " WHERE NOT EXISTS (SELECT 1 FROM search_outboxrow o WHERE o.engine = e.name"
        f" AND o.kind = {kind} AND o.key = k.key AND {says['same']}"
        " AND o.claimed IS NULL AND o.attempts = 0 AND NOT o.set_aside)"
    )


def note_in(connection: Any, kind: str, *keys: str) -> None:
    """Note things, in the same words as the triggers."""
    with connection.cursor() as cursor:
        statement = _insert(connection.vendor, "%s", "SELECT %s AS key")
        if connection.vendor == "sqlite":
            statement = statement.replace("%Y-%m-%d %H:%M:%f", "%%Y-%%m-%%d %%H:%%M:%%f")
        else:
            statement = statement.replace("SELECT %s AS key", "SELECT %s::text AS key")
            statement = statement.replace("SELECT e.name, %s,", "SELECT e.name, %s::text,")
        cursor.executemany(statement, [[kind, key, kind] for key in keys])


# Making and lifting --------------------------------------------------------------------------
def triggers(vendor: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(name, table, statements) of every trigger. A name ends with a digest of its statements."""
    make = _sqlite if vendor == "sqlite" else _postgresql
    for number, watch in enumerate(WATCHES):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            statements = make(watch, verb, "{name}")
            digest = hashlib.sha256("".join(statements).encode()).hexdigest()[:8]
            name = f"{PREFIX}{number}_{verb.lower()}_{digest}"
            yield name, watch.table, tuple(s.replace("{name}", name) for s in statements)


def _keys(vendor: str, watch: Watch, row: str) -> str:
    select, _, rest = watch.keys.format(row=row).partition(" FROM ")
    column = select.removeprefix("SELECT ")
    found = f"SELECT {_SAYINGS[vendor]['key'].format(column)} AS key"
    return f"{found} FROM {rest}" if rest else found


def _sqlite(watch: Watch, verb: str, name: str) -> list[str]:
    rows = {"INSERT": ["NEW"], "DELETE": ["OLD"], "UPDATE": ["OLD", "NEW"]}[verb]
    when = ""
    if verb == "UPDATE" and watch.columns:
        when = " WHEN " + " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in watch.columns)
    keys = " UNION ".join(_keys("sqlite", watch, row) for row in rows)
    insert = _insert("sqlite", f"'{watch.kind}'", keys)
    return [
        f"CREATE TRIGGER {name} AFTER {verb} ON {watch.table} FOR EACH ROW{when} BEGIN {insert};"
        " END"
    ]


def _postgresql(watch: Watch, verb: str, name: str) -> list[str]:
    """A trigger per statement: ten thousand pages at once are one row."""
    old, new = "REFERENCING OLD TABLE AS gone", "NEW TABLE AS come"
    tables = {"INSERT": f"REFERENCING {new}", "DELETE": old, "UPDATE": f"{old} {new}"}[verb]
    sources = {"INSERT": ["come r"], "DELETE": ["gone r"], "UPDATE": ["gone r", "come r"]}[verb]
    if verb == "UPDATE" and watch.columns:
        differs = " OR ".join(f"g.{c} IS DISTINCT FROM c.{c}" for c in watch.columns)
        both = f"gone g JOIN come c ON g.{watch.pk} = c.{watch.pk} WHERE {differs}"
        sources = [f"(SELECT {side}.* FROM {both}) r" for side in ("g", "c")]  # noqa: S608
    keys = " UNION ".join(
        f"SELECT l.key FROM {source} CROSS JOIN LATERAL ({_keys('postgresql', watch, 'r')}) l"  # noqa: S608
        for source in sources
    )
    insert = _insert("postgresql", f"'{watch.kind}'", keys)
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {insert}; RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {verb} ON {watch.table} {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def present(connection: Any) -> dict[str, str]:
    """The triggers that are there: name to table."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT t.tgname, t.tgrelid::regclass::text FROM pg_trigger t WHERE NOT t.tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def install(connection: Any) -> None:
    """Make the triggers that are missing, and lift those of an older version of this file.

    Nothing while the database is not migrated so far that they could work.
    """
    needed = {"search_feed", *(watch.table for watch in WATCHES)}
    if not needed <= set(connection.introspection.table_names()):
        return
    there = present(connection)
    wanted = {name: statements for name, _, statements in triggers(connection.vendor)}
    _drop(connection, {name: there[name] for name in there.keys() - wanted.keys()})
    with connection.cursor() as cursor:
        for name in sorted(wanted.keys() - there.keys()):
            for statement in wanted[name]:
                cursor.execute(statement)


def lift(connection: Any) -> None:
    """Remove all of them."""
    _drop(connection, present(connection))


def _drop(connection: Any, names: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, table in sorted(names.items()):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")
