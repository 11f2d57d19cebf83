"""FTS5 in Django's own SQLite database.

Invariant: the rowid of a full-text row is the key of its page, and `search_text_public` holds
the pages of public records alone: its statistics know nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from search.engines.base import ECHO_WEIGHT, Clause, Echo, Term, Tokens
from search.engines.embedded.dialect import (
    BODY,
    PARTS,
    SEAM,
    TITLE,
    PageRow,
    Sql,
    concepts_of,
    in_parts,
    terms_of,
)
from search.models import PAGE_BITS, EntryPage

ALL, PUBLIC = "search_text_all", "search_text_public"
# Where a single word and where several in a row may stand.
_SINGLE, _LONG = "title body parts", "title body seam"
_LAST = (1 << PAGE_BITS) - 1


def _table(public_only: bool) -> str:
    return PUBLIC if public_only else ALL


def _alternative(sequence: Tokens, columns: str) -> str:
    # Tokens hold no quotation marks, so none can break out.
    return f'({{{columns}}} : "{" ".join(sequence)}")'


def _echo(echo: Echo) -> str:
    words = (_alternative(w, _LONG if len(w) > 1 else _SINGLE) for w in dict.fromkeys(echo.words))
    return f"({' AND '.join(words)})"


def _below_title(echo: Echo) -> str:
    words = (_alternative(w, _LONG if len(w) > 1 else _SINGLE) for w in dict.fromkeys(echo.words))
    return f"({_echo(echo)} AND ({{body seam parts}} : ({' OR '.join(words)})))"


def expression(terms: Sequence[Term], echoes: Sequence[Echo] = ()) -> str:
    """An FTS5 expression: any of the terms, or all the words of one echo."""
    alternatives = []
    for term in terms:
        for sequence in term.sequences:
            columns = _LONG if len(sequence) > 1 else "title body"
            alternatives.append(
                _alternative(sequence, _SINGLE if in_parts(term, sequence) else columns)
            )
    alternatives += [_echo(echo) for echo in echoes]
    return " OR ".join(dict.fromkeys(alternatives))


class SqliteDialect:
    """See `Dialect`."""

    # The plus keeps SQLite from looking for each of a viewer's labels in turn: a record has few
    # of them, a viewer many.
    label = "+l.label"
    listed = "json_each(%s)"
    age = "max(0, julianday(%s) - julianday(date(e.date)))"

    def among(self, column: str, values: Sequence[str]) -> Sql:
        return Sql(f"{column} IN (SELECT value FROM json_each(%s))", (json.dumps(values),))  # noqa: S608

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        table = _table(public_only)
        return Sql(
            f"SELECT rowid AS page FROM {table} WHERE {table} MATCH %s",  # noqa: S608
            (expression(terms, echoes),),
        )

    def scored(self, clauses: Sequence[Clause], *, public_only: bool, needed: bool) -> Sql:
        table = _table(public_only)
        test = f" AND rowid >> {PAGE_BITS} IN (SELECT entry FROM needed)" if needed else ""  # noqa: S608
        select = (
            f"rowid AS page, {{}} * -bm25({table}, {TITLE}, {BODY}, {SEAM}, {PARTS}) AS score"
            f" FROM {table} WHERE {table} MATCH %s{test}"
        )
        typed = Sql("SELECT " + select.format(1), (expression(terms_of(clauses)),))
        concepts = concepts_of(clauses)
        if not concepts:
            return typed
        # bm25 adds up what stands in one expression: to take the best of several labels, each
        # is asked alone.
        rows = [typed.text.replace("SELECT ", "SELECT 0 AS concept, ", 1)]
        params = [*typed.params]
        for number, echoes in enumerate(concepts, 1):
            for echo in echoes:
                rows.append(f"SELECT {number} AS concept, {select.format(ECHO_WEIGHT)}")
                params.append(_echo(echo))
        return Sql(
            "SELECT page, sum(score) AS score FROM (SELECT page, max(score) AS score"  # noqa: S608
            f" FROM ({' UNION ALL '.join(rows)}) GROUP BY page, concept) GROUP BY page",
            tuple(params),
        )

    def standing(self, entry: int, terms: Sequence[Term], echoes: Sequence[Echo]) -> Sql:
        first = entry << PAGE_BITS
        below = [f"({{body seam parts}} : ({expression(terms)}))"]
        below += [_below_title(echo) for echo in dict.fromkeys(echoes)]
        return Sql(
            f"SELECT rowid FROM {ALL} WHERE {ALL} MATCH %s AND rowid BETWEEN %s AND %s",  # noqa: S608
            (" OR ".join(below), first, first + _LAST),
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
