"""One statement for an answer: totals, facet counts and the hits of a page.

Invariant: labels are filtered where the matches are made, before anything is counted; each
facet's counts ignore its own selection and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from search.engines.base import BEST_PAGES, Access, Clause, Echo, Query, Term, Tokens
from search.engines.concepts import by_echoes
from search.engines.embedded.dialect import (
    EXACT_TITLE,
    OWN_LANGUAGE,
    RECENT,
    Dialect,
    Sql,
    terms_of,
)
from search.models import PAGE_BITS

_FIRST_BY_DATE = "date IS NULL, date DESC, ref"


def _together(entries: Sequence[Sql]) -> Sql:
    """A query for the records that all of these queries find."""
    return Sql(
        " INTERSECT ".join(found.text for found in entries),
        tuple(p for found in entries for p in found.params),
    )


class Statement:
    """Builds the SQL of one query for one access; `relaxed`: any of the words is enough."""

    def __init__(self, dialect: Dialect, query: Query, access: Access, *, relaxed: bool) -> None:
        self.dialect, self.query, self.access, self.relaxed = dialect, query, access, relaxed
        self.params: list[Any] = []
        self.crowded = bool(query.counted) and dialect.crowded(
            query.counted, public_only=access.public_only
        )

    def _add(self, piece: Sql) -> str:
        self.params += piece.params
        return piece.text

    def _entries(self, terms: Sequence[Term], echoes: Sequence[Echo] = ()) -> Sql:
        """A query for the records that hold any of the terms or echoes on any page."""
        pages = self.dialect.matching(terms, echoes, public_only=self.access.public_only)
        return Sql(
            f"SELECT page >> {PAGE_BITS} AS entry FROM ({pages.text}) pages",  # noqa: S608
            pages.params,
        )

    def _holding(self, clauses: Sequence[Clause]) -> Sql:
        """A query for the records that hold all of these clauses."""
        pieces: list[Sql] = []
        for echoes, alike in by_echoes(clauses):
            if not echoes or len(alike) == 1:
                pieces += [self._entries(clause.terms, echoes) for clause in alike]
            else:
                words = _together([self._entries(clause.terms) for clause in alike])
                echoed = self._entries((), echoes)
                pieces.append(
                    Sql(
                        f"SELECT entry FROM ({words.text} UNION ALL {echoed.text}) held",  # noqa: S608
                        (*words.params, *echoed.params),
                    )
                )
        return _together(pieces)

    def _needed(self) -> str:
        """The table of the records to score: those that hold every clause that must be there."""
        counted = self.query.counted
        clauses = self.query.required if self.relaxed else counted
        if len(counted) < 2 or not clauses:
            return ""
        together = self.dialect.together(clauses, public_only=self.access.public_only)
        return f"needed AS MATERIALIZED ({self._add(together or self._holding(clauses))}), "

    def _matches(self) -> str:
        """The tables of records with their best page's score, or of all where no words are asked.

        `raw` has every page that holds something asked for, once.
        """
        counted = self.query.counted
        if not counted:
            return (
                "WITH raw AS (SELECT 0 AS page, 0 AS score WHERE 1 = 0),"
                " m AS MATERIALIZED (SELECT e.id, e.ref, e.date, 0 AS score, 1 AS boost"
            )
        needed = self._needed()
        scored = self.dialect.scored(
            counted,
            self._pairs(),
            public_only=self.access.public_only,
            needed=bool(needed),
        )
        return (
            f"WITH {needed}raw AS MATERIALIZED ({self._add(scored)}),"  # noqa: S608
            f" best AS (SELECT page >> {PAGE_BITS} AS entry, max(score) AS score"
            f" FROM raw GROUP BY page >> {PAGE_BITS}){self._all_found(bool(needed))},"
            f" m AS MATERIALIZED (SELECT e.id, e.ref, e.date, b.score, {self._boost()} AS boost"
        )

    def _all_found(self, needed: bool) -> str:
        """The table `found` of all records that match, where not every page of them was scored."""
        counted = self.query.counted
        if not self.crowded:
            return ""
        entries = "SELECT entry FROM needed"
        if not needed:
            echoes = [echo for clause in counted for echo in clause.echoes]
            entries = self._add(self._entries(terms_of(counted), echoes))
        return (
            f", found AS (SELECT f.entry, coalesce(b.score, 0) AS score FROM"  # noqa: S608
            f" (SELECT DISTINCT entry FROM ({entries}) matching) f"
            " LEFT JOIN best b ON b.entry = f.entry)"
        )

    def _pairs(self) -> Sequence[Tokens]:
        return self.query.pairs if self.query.sort == "relevance" else ()

    def _boost(self) -> str:
        """What raises a score a little; by whole days, so that an answer holds for a day."""
        if self.query.sort != "relevance":
            return "1"
        boost = f"1 + coalesce({RECENT} / (1 + {self.dialect.age} / 365.0), 0)"
        self.params.append(timezone.now().date().isoformat())
        if self.query.locale:
            boost += f" + CASE WHEN e.locale = %s THEN {OWN_LANGUAGE} ELSE 0 END"
            self.params.append(self.query.locale)
        if self.query.titles:
            titled = self.dialect.among("key", self.query.titles)
            boost += (
                " + CASE WHEN e.id IN (SELECT entry_id FROM search_entrytitle"  # noqa: S608
                f" WHERE {self._add(titled)}) THEN {EXACT_TITLE} ELSE 0 END"
            )
        return f"({boost})"

    def _flags(self) -> str:
        exact = "1 AS exact"
        if self.relaxed:
            holding = self._add(self._holding(self.query.counted))
            exact = f"CASE WHEN e.id IN ({holding}) THEN 1 ELSE 0 END AS exact"
        flags = [exact]
        for i, (name, values) in enumerate(sorted(self.query.filters.items())):
            marks = ", ".join(["%s"] * len(values))
            flags.append(
                "CASE WHEN EXISTS (SELECT 1 FROM search_entryfacet f WHERE f.entry_id = e.id"  # noqa: S608
                f" AND f.name = %s AND f.value IN ({marks})) THEN 0 ELSE 1 END AS x{i}"
            )
            self.params += [name, *sorted(values)]
        return ", " + ", ".join(flags)

    def _source(self) -> str:
        if not self.query.counted:
            return " FROM search_entry e"
        best = "found" if self.crowded else "best"
        return f" FROM {best} b JOIN search_entry e ON e.id = b.entry"

    def _where(self) -> str:
        labels = sorted(self.access.labels)
        marks = ", ".join(["%s"] * len(labels))
        tests = [
            "EXISTS (SELECT 1 FROM search_entrylabel l WHERE l.entry_id = e.id"  # noqa: S608
            f" AND {self.dialect.label} IN ({marks}))"
        ]
        self.params += labels
        tests.append("(e.until IS NULL OR e.until > %s)")
        self.params.append(connection.ops.adapt_datetimefield_value(timezone.now()))
        if self.query.exclusions:
            tests.append(f"e.id NOT IN ({self._add(self._entries(self.query.exclusions))})")
        if withheld := sorted(self.access.withheld):
            tests.append(f"e.ref NOT IN ({', '.join(['%s'] * len(withheld))})")
            self.params += withheld
        return " WHERE " + " AND ".join(tests) + ")"

    def _fails(self) -> str:
        return " + ".join(f"x{i}" for i in range(len(self.query.filters))) or "0"

    def _order(self) -> str:
        if self.query.sort == "date":
            return _FIRST_BY_DATE
        return ("exact DESC, " if self.relaxed else "") + f"score * boost DESC, {_FIRST_BY_DATE}"

    def build(self, offset: int, limit: int) -> Sql:
        """The whole statement; rows are (part, name, value, number, extra, place).

        A hit: its ref, boost, key, whether it is exact, place. Its pages come as rows of their
        own: the number, which best it is, and the hit's place.
        """
        matches = self._matches() + self._flags() + self._source() + self._where()
        fails = self._fails()
        self.params += [limit, offset]
        own = "0"
        if self.query.filters:
            cases = []
            for i, name in enumerate(sorted(self.query.filters)):
                cases.append(f"WHEN %s THEN x{i}")
                self.params.append(name)
            own = f"CASE f.name {' '.join(cases)} ELSE 0 END"
        sql = (
            f"{matches},"  # noqa: S608 - built from constants and placeholders alone
            " hit AS MATERIALIZED (SELECT id, ref, boost, exact,"
            f" row_number() OVER (ORDER BY {self._order()}) AS place"
            f" FROM m WHERE ({fails}) = 0 ORDER BY place LIMIT %s OFFSET %s)"
            " SELECT 'facet' AS part, f.name, f.value, count(*) AS n, 0 AS extra, 0 AS place"
            " FROM m JOIN search_entryfacet f ON f.entry_id = m.id"
            f" WHERE ({fails}) - ({own}) = 0 GROUP BY f.name, f.value"
            " UNION ALL SELECT 'total', '', '', count(*), coalesce(sum(exact), 0), 0"
            f" FROM m WHERE ({fails}) = 0"
            " UNION ALL SELECT 'hit', ref, CAST(boost AS text), id, exact, place FROM hit"
        )
        if self.dialect.whole:
            return Sql(sql, tuple(self.params))
        sql += (
            " UNION ALL SELECT 'page', '', '', number, nth, place"  # noqa: S608
            " FROM (SELECT place, number,"
            " row_number() OVER (PARTITION BY place ORDER BY score DESC, number) AS nth"
            " FROM (SELECT h.place, p.number, max(r.score) AS score FROM raw r"
            f" JOIN hit h ON h.id = r.page >> {PAGE_BITS}"
            " JOIN search_entrypage p ON p.id = r.page WHERE p.number > 0"
            f" GROUP BY h.place, p.number) numbered) pages WHERE nth <= {BEST_PAGES}"
        )
        return Sql(sql, tuple(self.params))
