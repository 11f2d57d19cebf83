"""Asking the statement, and reading its answer.

Invariant: the page that is shown is cut from one order of all hits, whatever was re-ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from search.engines.base import Access, Hit, Query, Results
from search.engines.counting import clamp, facets_of
from search.engines.embedded.databases import searching
from search.engines.embedded.dialect import Dialect
from search.engines.embedded.reranking import RERANKED, Scored, score_pages
from search.engines.embedded.statement import Statement


def answer(query: Query, access: Access) -> Results:
    """Hits that hold all words; any of them where those fill no page."""
    if not access.labels:
        return _read([], [], query, relaxed=False)
    asking = _Asking(query, access)
    rows = asking.rows(relaxed=False)
    relaxed = _total(rows) < query.size and query.can_relax
    if relaxed:
        rows = asking.rows(relaxed=True)
    return _read(rows, asking.hits(rows), query, relaxed=relaxed)


def _total(rows: Sequence[Any]) -> int:
    return int(next(row[3] for row in rows if row[0] == "total"))


class _Asking:
    def __init__(self, query: Query, access: Access) -> None:
        self.query, self.access = query, access
        self.dialect: Dialect = searching()
        self.offset = 0

    def rows(self, *, relaxed: bool) -> list[Any]:
        """The rows of the page asked for, or of the last one."""
        self.offset = min((max(self.query.page, 1) - 1) * self.query.size, 10**9)
        rows = self._rows(relaxed=relaxed)
        page, _, _ = clamp(self.query, _total(rows))
        if page != self.query.page:
            self.offset = (page - 1) * self.query.size
            rows = self._rows(relaxed=relaxed)
        return rows

    @property
    def _reranks(self) -> bool:
        by_relevance = self.query.sort == "relevance" and bool(self.query.counted)
        return self.dialect.whole and by_relevance and self.offset < RERANKED

    def _rows(self, *, relaxed: bool) -> list[Any]:
        offset, limit = self.offset, self.query.size
        if self._reranks:
            offset, limit = 0, max(RERANKED, self.offset + self.query.size)
        statement = Statement(self.dialect, self.query, self.access, relaxed=relaxed)
        sql = statement.build(offset, limit)
        with connection.cursor() as cursor:
            cursor.execute(sql.text, sql.params)
            return list(cursor.fetchall())

    def hits(self, rows: Sequence[Any]) -> list[Hit]:
        """The hits of the page with their best pages."""
        found = sorted((row for row in rows if row[0] == "hit"), key=lambda row: row[5])
        if self.dialect.whole:
            return self._hits_by_pages(found)
        best: dict[int, list[tuple[int, int]]] = {}
        for part, _, _, number, nth, place in rows:
            if part == "page":
                best.setdefault(place, []).append((int(nth), int(number)))
        return [
            Hit(row[1], tuple(number for _, number in sorted(best.get(row[5], ()))))
            for row in found
        ]

    def _hits_by_pages(self, found: list[Any]) -> list[Hit]:
        if not self.query.counted:
            return [Hit(row[1]) for row in found]
        if not self._reranks:
            scored = self._scored(found)
        else:
            first, rest = found[:RERANKED], found[RERANKED:]
            scored = self._scored(first)

            def order(row: Any) -> tuple[int, float, int]:
                pages = scored.get(row[3])
                return -int(row[4]), -(pages.score if pages else 0.0) * float(row[2]), row[5]

            found = [*sorted(first, key=order), *rest][self.offset :][: self.query.size]
            scored |= self._scored([row for row in found if row[3] not in scored])
        return [Hit(row[1], scored[row[3]].pages if row[3] in scored else ()) for row in found]

    def _scored(self, found: Sequence[Any]) -> dict[int, Scored]:
        entries = [row[3] for row in found]
        if not entries:
            return {}
        return score_pages(self.query, entries, public_only=self.access.public_only)


def _read(rows: Sequence[Any], hits: Sequence[Hit], query: Query, *, relaxed: bool) -> Results:
    """Turn the statement's rows into an answer."""
    total, exact = 0, 0
    counts: dict[str, dict[str, int]] = {}
    for part, name, value, number, extra, _ in rows:
        if part == "total":
            total, exact = int(number), int(extra)
        elif part == "facet":
            counts.setdefault(name, {})[value] = int(number)
    page, pages, capped = clamp(query, total)
    return Results(
        hits=tuple(hits),
        total=total,
        exact=exact,
        relaxed=relaxed and exact < total,
        page=page,
        pages=pages,
        capped=capped,
        facets=facets_of(counts, query),
    )
