"""What records score in an answer, for whoever tunes search.

Invariant: the same statement as the answer's, filtered by the same labels, and the same weights.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import connection

from search.engines.base import Access, Query
from search.engines.embedded.databases import searching
from search.engines.embedded.dialect import Sql
from search.engines.embedded.reranking import RERANKED, score_pages
from search.engines.embedded.statement import Statement


class _Row(NamedTuple):
    entry: int
    ref: str
    score: float
    boost: float
    place: int


class _Scoring(Statement):
    """The statement of an answer, telling scores in place of counts."""

    def scoring(self, refs: Collection[str]) -> Sql:
        """The rows of these records and of those that are put in order anew."""
        matches = self._matches() + self._flags() + self._source() + self._where()
        marks = ", ".join(["%s"] * len(refs))
        sql = (
            f"{matches}, ranked AS (SELECT id, ref, score, boost,"  # noqa: S608
            f" row_number() OVER (ORDER BY {self._order()}) AS place"
            f" FROM m WHERE ({self._fails()}) = 0)"
            " SELECT id, ref, score, boost, place FROM ranked"
            f" WHERE place <= {RERANKED} OR ref IN ({marks}) ORDER BY place"
        )
        return Sql(sql, (*self.params, *refs))


def scores(
    query: Query, access: Access, refs: Collection[str], *, relaxed: bool
) -> dict[str, float]:
    """What those of these records score that are found."""
    if not (access.labels and refs and query.counted):
        return {}
    dialect = searching()
    sql = _Scoring(dialect, query, access, relaxed=relaxed).scoring(refs)
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        rows = [_row(row) for row in cursor.fetchall()]
    found = {row.ref: row.score * row.boost for row in rows}
    if dialect.whole:
        found |= _by_pages(query, rows, refs, public_only=access.public_only)
    return {ref: score for ref, score in found.items() if ref in refs}


def _row(row: tuple[Any, ...]) -> _Row:
    entry, ref, score, boost, place = row
    return _Row(int(entry), str(ref), float(score), float(boost), int(place))


def _by_pages(
    query: Query, rows: list[_Row], refs: Collection[str], *, public_only: bool
) -> dict[str, float]:
    """The scores of best pages: of the first records, as in an answer, or of these alone."""
    ranked = query.sort == "relevance"
    some = [row for row in rows if (row.place <= RERANKED if ranked else row.ref in refs)]
    pages = score_pages(query, [row.entry for row in some], public_only=public_only) if some else {}
    return {row.ref: pages[row.entry].score * row.boost for row in some if row.entry in pages}
