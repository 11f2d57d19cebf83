"""FTS5 in Django's own SQLite database.

Invariant: the rowid of a full-text row is the key of its page, and `search_text_public` holds
the pages of public records alone: its statistics know nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from search.engines.base import Term
from search.engines.embedded.dialect import BODY, PARTS, SEAM, TITLE, PageRow, Sql, in_parts
from search.models import PAGE_BITS, EntryPage

ALL, PUBLIC = "search_text_all", "search_text_public"
_LAST = (1 << PAGE_BITS) - 1


def _table(public_only: bool) -> str:
    return PUBLIC if public_only else ALL


def expression(terms: Sequence[Term]) -> str:
    """An FTS5 expression. Tokens hold no quotation marks, so none can break out."""
    alternatives = []
    for term in terms:
        for sequence in term.sequences:
            quoted = '"' + " ".join(sequence) + '"'
            columns = "title body seam" if len(sequence) > 1 else "title body"
            if in_parts(term, sequence):
                columns = "title body parts"
            alternatives.append(f"({{{columns}}} : {quoted})")
    return " OR ".join(dict.fromkeys(alternatives))


class SqliteDialect:
    """See `Dialect`."""

    # The plus keeps SQLite from looking for each of a viewer's labels in turn: a record has few
    # of them, a viewer many.
    label = "+l.label"

    def matching(self, terms: Sequence[Term], *, public_only: bool) -> Sql:
        table = _table(public_only)
        return Sql(
            f"SELECT rowid AS page FROM {table} WHERE {table} MATCH %s",  # noqa: S608
            (expression(terms),),
        )

    def scored(self, terms: Sequence[Term], *, public_only: bool, within: Sequence[Sql]) -> Sql:
        table = _table(public_only)
        tests = "".join(f" AND rowid >> {PAGE_BITS} IN {entries.text}" for entries in within)
        return Sql(
            f"SELECT rowid AS page, -bm25({table}, {TITLE}, {BODY}, {SEAM}, {PARTS}) AS score"  # noqa: S608
            f" FROM {table} WHERE {table} MATCH %s{tests}",
            (expression(terms), *(p for entries in within for p in entries.params)),
        )

    def best(self) -> str:
        # SQLite takes `page` from the row that holds the maximum.
        return (
            f"SELECT page >> {PAGE_BITS} AS entry, page, max(score) AS score"  # noqa: S608
            f" FROM raw GROUP BY page >> {PAGE_BITS}"
        )

    def write(
        self, entry: int, title: Sequence[str], pages: Sequence[PageRow], public: bool
    ) -> None:
        first = entry << PAGE_BITS
        EntryPage.objects.bulk_create(
            EntryPage(
                id=first + p.place,
                entry_id=entry,
                number=p.number,
                anchor=p.anchor,
                public=public,
            )
            for p in pages
        )
        heading = " ".join(title)
        rows = [
            (first + p.place, heading, " ".join(p.body), " ".join(p.seam), " ".join(p.parts))
            for p in pages
        ]
        with connection.cursor() as cursor:
            for table in (ALL, PUBLIC) if public else (ALL,):
                cursor.executemany(
                    f"INSERT INTO {table} (rowid, title, body, seam, parts)"  # noqa: S608
                    " VALUES (%s, %s, %s, %s, %s)",
                    rows,
                )

    def publish(self, entry: int, public: bool) -> None:
        first = entry << PAGE_BITS
        limits = (first, first + _LAST)
        EntryPage.objects.filter(entry_id=entry).update(public=public)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {PUBLIC} WHERE rowid BETWEEN %s AND %s", limits)  # noqa: S608
            if public:
                cursor.execute(
                    f"INSERT INTO {PUBLIC} (rowid, title, body, seam, parts)"  # noqa: S608
                    f" SELECT rowid, title, body, seam, parts FROM {ALL}"
                    " WHERE rowid BETWEEN %s AND %s",
                    limits,
                )

    def erase(self, entries: Sequence[int]) -> None:
        EntryPage.objects.filter(entry_id__in=entries).delete()
        with connection.cursor() as cursor:
            for table in (ALL, PUBLIC):
                cursor.executemany(
                    f"DELETE FROM {table} WHERE rowid BETWEEN %s AND %s",  # noqa: S608
                    [(e << PAGE_BITS, (e << PAGE_BITS) + _LAST) for e in entries],
                )

    def clear(self) -> None:
        EntryPage.objects.all().delete()
        with connection.cursor() as cursor:
            for table in (ALL, PUBLIC):
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
                # FTS5 keeps deleted tokens in its segments until they are merged.
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608
