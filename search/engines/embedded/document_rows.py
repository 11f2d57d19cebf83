"""A full-text row per record beside its pages' rows, on SQLite, for indexes beyond a size.

The row is made of the page rows as they stand: bodies, seams and parts one after the other with a
mark between them that no phrase holds, so that it matches exactly what one of its pages matches.
Phrases over the end of a page are found by the seams alone, here as there: nothing differs.

Invariant: from the first built row on, every write keeps the rows in step in its own transaction;
they are asked only when all are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from search.models import PAGE_BITS, EmbeddedState, Entry

ALL: Final = "search_record_all"
PUBLIC: Final = "search_record_public"
PAGES: Final = {ALL: "search_text_all", PUBLIC: "search_text_public"}
NAME: Final = "document-rows"
_BUILDING, _READY = "building", "ready"
_LAST: Final = (1 << PAGE_BITS) - 1
_CHUNK: Final = 200
# Not switched off again by a few deletions.
_FAR_BELOW: Final = 0.8


def _phase() -> str:
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phase FROM search_embeddedstate WHERE name = %s", (NAME,))
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def ready() -> bool:
    """Whether all rows are there."""
    return _phase() == _READY


def kept() -> bool:
    """Whether rows are there that a write must keep in step."""
    return bool(_phase())


def _join(table: str, first: int, last: int) -> None:
    """Make the rows of the records with keys from first to last."""
    between = " ' ¶ ' "
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (rowid, title, body, seam, parts)"  # noqa: S608
            f" SELECT rowid >> {PAGE_BITS}, max(title), group_concat(body,{between}),"
            f" group_concat(seam,{between}), group_concat(parts,{between})"
            f" FROM (SELECT rowid, title, body, seam, parts FROM {PAGES[table]}"
            f" WHERE rowid BETWEEN %s AND %s ORDER BY rowid) GROUP BY rowid >> {PAGE_BITS}",
            (first << PAGE_BITS, (last << PAGE_BITS) + _LAST),
        )


def write(entries: Sequence[int], public: Sequence[int]) -> None:
    """Make the rows of records whose page rows have been written."""
    if kept():
        for table, some in ((ALL, entries), (PUBLIC, public)):
            for first, last in _runs(some):
                _join(table, first, last)


def _runs(entries: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Keys that follow each other without a gap, as first and last."""
    for _, some in groupby(enumerate(sorted(entries)), lambda pair: pair[1] - pair[0]):
        keys = [entry for _, entry in some]
        yield keys[0], keys[-1]


def publish(entry: int, *, public: bool) -> None:
    """Put a record's row into the index of public things, or take it out."""
    if kept():
        _remove(PUBLIC, [entry])
        if public:
            _join(PUBLIC, entry, entry)


def erase(entries: Sequence[int]) -> None:
    """Remove the rows of these records."""
    if kept():
        for table in (ALL, PUBLIC):
            _remove(table, entries)


def _remove(table: str, entries: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(e,) for e in entries])  # noqa: S608


def empty() -> None:
    """Remove every row; what is switched on stays so."""
    with connection.cursor() as cursor:
        for table in (ALL, PUBLIC):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def build() -> None:
    """Make all rows, a few records to a transaction; searching and writing go on meanwhile."""
    with transaction.atomic():
        EmbeddedState.objects.update_or_create(name=NAME, defaults={"phase": _BUILDING})
        empty()
    after = 0
    while True:
        with transaction.atomic():
            keys = Entry.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
            chunk = list(keys[:_CHUNK])
            if not chunk:
                EmbeddedState.objects.filter(name=NAME).update(phase=_READY)
                return
            # A record that was written meanwhile has its rows already.
            for table in (ALL, PUBLIC):
                _remove(table, chunk)
                _join(table, chunk[0], chunk[-1])
        after = chunk[-1]


def drop() -> None:
    """Do without the rows."""
    with transaction.atomic():
        EmbeddedState.objects.filter(name=NAME).delete()
        empty()


def adjust() -> None:
    """Build or drop the rows as the number of records demands."""
    if connection.vendor != "sqlite":
        return
    least, count = int(settings.SEARCH_DOCUMENT_ROWS_FROM), Entry.objects.count()
    if least and count >= least and not ready():
        build()
    elif kept() and (not least or count < least * _FAR_BELOW):
        drop()
