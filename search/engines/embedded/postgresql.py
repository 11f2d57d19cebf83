"""tsvector on PostgreSQL, one row per page, made from our own tokens.

Invariant: title, body, seam and parts keep apart by position and weight (A, B, C, D), so that no
phrase runs from one into another; statistics are counted among public pages alone when only
those are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from django.db import connection

from search.engines.base import Term, Tokens
from search.engines.embedded.dialect import BODY, PARTS, SEAM, TITLE, PageRow, Sql, in_parts
from search.models import PAGE_BITS, EntryPage

# tsvector knows positions up to 16383 only: titles, then the body, the seam, then parts.
_BODY, _SEAM, _PARTS, _END = 256, 12_256, 12_300, 16_383
_WEIGHTS = f"{{{PARTS / TITLE:.4f},{SEAM / TITLE:.4f},{BODY / TITLE:.4f},1}}"


def vector(title: Sequence[str], page: PageRow) -> str:
    """The text form of a tsvector with our tokens at our positions."""
    places: dict[str, list[str]] = {}

    def put(tokens: Sequence[str], start: int, end: int, weight: str) -> None:
        for i, token in enumerate(tokens):
            held = places.setdefault(token, [])
            if start + i < end and len(held) < 250:
                held.append(f"{start + i}{weight}")

    put(title, 1, _BODY - 1, "A")
    put(page.body, _BODY, _SEAM - 1, "B")
    put(page.seam, _SEAM, _PARTS - 1, "C")
    put(page.parts, _PARTS, _END, "D")
    return " ".join(f"'{token}':{','.join(held)}" for token, held in places.items() if held)


def _part(term: Term, sequence: Tokens) -> str:
    weights = ":ABC" if len(sequence) > 1 else ":AB"
    if in_parts(term, sequence):
        weights = ":ABD"
    return "(" + " <-> ".join(f"'{token}'{weights}" for token in sequence) + ")"


def expressions(terms: Sequence[Term]) -> Iterator[str]:
    """A tsquery for each sequence. Tokens hold no quotation marks or backslashes."""
    yield from dict.fromkeys(_part(term, sequence) for term in terms for sequence in term.sequences)


class PostgresqlDialect:
    """See `Dialect`."""

    label = "l.label"

    def matching(self, terms: Sequence[Term], *, public_only: bool) -> Sql:
        scope = " AND public" if public_only else ""
        return Sql(
            "SELECT id AS page FROM search_entrypage"  # noqa: S608
            f" WHERE vector @@ %s::tsquery{scope}",
            (" | ".join(expressions(terms)),),
        )

    def scored(self, terms: Sequence[Term], *, public_only: bool, within: Sequence[Sql]) -> Sql:
        tests = "".join(f" AND entry_id IN {entries.text}" for entries in within)
        scope = " AND public" if public_only else ""
        weighed = self._frequencies(list(expressions(terms)), scope)
        summands = " + ".join(["%s * ts_rank(%s::float4[], vector, %s::tsquery, 1)"] * len(weighed))
        params: list[object] = []
        for part, idf in weighed:
            params += [idf, _WEIGHTS, part]
        return Sql(
            f"SELECT id AS page, ({summands}) AS score FROM search_entrypage"  # noqa: S608
            f" WHERE vector @@ %s::tsquery{scope}{tests}",
            (
                *params,
                " | ".join(part for part, _ in weighed),
                *(p for entries in within for p in entries.params),
            ),
        )

    def _frequencies(self, parts: list[str], scope: str) -> list[tuple[str, float]]:
        counts = ", ".join(
            [
                "(SELECT count(*) FROM search_entrypage"  # noqa: S608
                f" WHERE vector @@ %s::tsquery{scope})"
            ]
            * len(parts)
        )
        where = f" WHERE true{scope}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (SELECT count(*) FROM search_entrypage{where}), {counts}",  # noqa: S608
                parts,
            )
            total, *held = cursor.fetchone()
        return [
            (part, max(1e-6, math.log((total - n + 0.5) / (n + 0.5))))
            for part, n in zip(parts, held, strict=True)
        ]

    def best(self) -> str:
        return (
            f"SELECT DISTINCT ON (page >> {PAGE_BITS}) page >> {PAGE_BITS} AS entry, page, score"  # noqa: S608
            f" FROM raw ORDER BY page >> {PAGE_BITS}, score DESC, page"
        )

    def write(
        self, entry: int, title: Sequence[str], pages: Sequence[PageRow], public: bool
    ) -> None:
        first = entry << PAGE_BITS
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_entrypage (id, entry_id, number, anchor, public, vector)"
                " VALUES (%s, %s, %s, %s, %s, %s::tsvector)",
                [
                    (
                        first + p.place,
                        entry,
                        p.number,
                        p.anchor,
                        public,
                        vector(title, p),
                    )
                    for p in pages
                ],
            )

    def publish(self, entry: int, public: bool) -> None:
        EntryPage.objects.filter(entry_id=entry).update(public=public)

    def erase(self, entries: Sequence[int]) -> None:
        EntryPage.objects.filter(entry_id__in=entries).delete()

    def clear(self) -> None:
        EntryPage.objects.all().delete()
