"""Wiping out what was deleted for good, also where SQLite keeps what nobody can ask for any more.

FTS5 keeps the tokens of deleted rows in its segments until they are merged, and SQLite the bytes of
deleted rows in free pages until they are written anew. PostgreSQL sees to both by itself.

Invariant: it is noted in the transaction of the deletion, and done after the index has learned of
all that was before; segments are merged a few pages to a transaction, beside other writers.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from django.db import OperationalError, connection

from search.engines.embedded import document_rows
from search.models import EmbeddedState, OutboxRow

NAME: Final = "expunge"
TABLES: Final = (*document_rows.PAGES.values(), *document_rows.PAGES)
# As many pages of segments are merged in one transaction.
_PAGES: Final = 500
# Beyond this size the whole file is not written anew: its free pages are used again in time.
_LARGEST: Final = 1024**3

logger = logging.getLogger(__name__)


def note() -> None:
    """Remember that something was deleted for good."""
    EmbeddedState.objects.update_or_create(name=NAME, defaults={"phase": "due"})


def adjust() -> None:
    """Wipe it out where something was deleted for good and the index knows of it."""
    noted = EmbeddedState.objects.filter(name=NAME).first()
    if noted is None:
        return
    behind = OutboxRow.objects.filter(engine="embedded", set_aside=False)
    if behind.filter(created__lte=noted.changed).exists():
        return
    if connection.vendor == "sqlite":
        try:
            for table in TABLES:
                merge(table)
            _write_anew()
        except OperationalError as error:
            # Somebody else holds the file; the note stays for the next time.
            logger.warning("What was deleted for good is not wiped out yet: %s", error)
            return
    EmbeddedState.objects.filter(name=NAME, changed=noted.changed).delete()


def merge(table: str) -> None:
    """Merge all segments of a full-text table into one, which holds no deleted row."""
    # A negative number takes all segments, as `optimize` does, but in steps.
    _step(table, -_PAGES)
    while _step(table, _PAGES) > 1:
        pass


def _step(table: str, pages: int) -> int:
    """Merge some pages; return how many rows that changed: fewer than two when it is done."""
    with connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", (pages,))  # noqa: S608
        return _changes(cursor) - before


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])


def _write_anew() -> None:
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_size")
        if pages * int(cursor.fetchone()[0]) > _LARGEST:
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
