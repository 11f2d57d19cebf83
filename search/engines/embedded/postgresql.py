"""tsvector on PostgreSQL, one row per page, made from our own tokens.

Invariant: title, body, seam and parts keep apart by position and weight (A, B, C, D), so that no
phrase runs from one into another; statistics are counted among public pages alone when only
those are asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection

from search.engines.base import ECHO_WEIGHT, PAIR_WEIGHT, Clause, Echo, Term, Tokens
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

# tsvector knows positions up to 16383 only: titles, then the body, the seam, then parts.
_BODY, _SEAM, _PARTS, _END = 256, 12_256, 12_300, 16_383
# Where a single word and where several in a row may stand.
_SINGLE, _LONG = "ABD", "ABC"
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


def _part(sequence: Tokens, weights: str, *, own: bool) -> str:
    # Tokens hold no quotation marks or backslashes. A page's own text is all but the title.
    marks = ":" + (weights.replace("A", "") if own else weights)
    return "(" + " <-> ".join(f"'{token}'{marks}" for token in sequence) + ")"


def _echo(echo: Echo, *, own: bool = False) -> list[str]:
    """A tsquery for each of its words."""
    words = dict.fromkeys(echo.words)
    return [_part(word, _LONG if len(word) > 1 else _SINGLE, own=own) for word in words]


def expressions(terms: Sequence[Term], *, own: bool = False) -> Iterator[str]:
    """A tsquery for each sequence."""
    parts = []
    for term in terms:
        for sequence in term.sequences:
            weights = _LONG if len(sequence) > 1 else "AB"
            weights = _SINGLE if in_parts(term, sequence) else weights
            parts.append(_part(sequence, weights, own=own))
    yield from dict.fromkeys(parts)


def _any(terms: Sequence[Term], echoes: Sequence[Echo]) -> str:
    alternatives = [*expressions(terms), *(f"({' & '.join(_echo(echo))})" for echo in echoes)]
    return " | ".join(alternatives)


def _ranked(parts: Sequence[str], weighed: Mapping[str, float]) -> Sql:
    """The sum of what these words score on a page."""
    summands = " + ".join(["%s * ts_rank(%s::float4[], vector, %s::tsquery, 1)"] * len(parts))
    return Sql(summands, tuple(x for part in parts for x in (weighed[part], _WEIGHTS, part)))


def _ranked_echo(echo: Echo, weighed: Mapping[str, float]) -> Sql:
    """What a label scores on a page that holds all of it."""
    words = _echo(echo)
    ranked = _ranked(words, weighed)
    return Sql(
        f"CASE WHEN vector @@ %s::tsquery THEN {ranked.text} END",
        (" & ".join(words), *ranked.params),
    )


class PostgresqlDialect:
    """See `Dialect`."""

    whole = False
    label = "l.label"
    listed = "json_array_elements_text(%s::json) AS listed(value)"
    age = "greatest(0, %s::date - (e.date AT TIME ZONE 'UTC')::date)"

    def among(self, column: str, values: Sequence[str]) -> Sql:
        return Sql(f"{column} = ANY(%s)", (list(values),))

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        scope = " AND public" if public_only else ""
        return Sql(
            "SELECT id AS page FROM search_entrypage"  # noqa: S608
            f" WHERE vector @@ %s::tsquery{scope}",
            (_any(terms, echoes),),
        )

    def scored(
        self,
        clauses: Sequence[Clause],
        pairs: Sequence[Tokens],
        *,
        public_only: bool,
        needed: bool,
    ) -> Sql:
        test = " AND entry_id IN (SELECT entry FROM needed)" if needed else ""
        scope = " AND public" if public_only else ""
        terms, concepts = terms_of(clauses), concepts_of(clauses)
        echoes = [echo for concept in concepts for echo in concept]
        typed = list(expressions(terms))
        echoed = [word for echo in echoes for word in _echo(echo)]
        paired = list(dict.fromkeys(_part(pair, _LONG, own=False) for pair in pairs))
        weighed = self._frequencies(list(dict.fromkeys((*typed, *echoed, *paired))), scope)
        summands = [_ranked(typed, weighed)]
        if paired:
            neighbours = _ranked(paired, weighed)
            summands.append(Sql(f"{PAIR_WEIGHT} * ({neighbours.text})", neighbours.params))
        for concept in concepts:
            labels = [_ranked_echo(echo, weighed) for echo in concept]
            summands.append(
                Sql(
                    f"{ECHO_WEIGHT} * greatest(0, {', '.join(label.text for label in labels)})",
                    tuple(p for label in labels for p in label.params),
                )
            )
        return Sql(
            f"SELECT id AS page, ({' + '.join(s.text for s in summands)}) AS score"  # noqa: S608
            f" FROM search_entrypage WHERE vector @@ %s::tsquery{scope}{test}",
            (*(p for summand in summands for p in summand.params), _any(terms, echoes)),
        )

    def _frequencies(self, parts: list[str], scope: str) -> dict[str, float]:
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
        return {
            part: max(1e-6, math.log((total - n + 0.5) / (n + 0.5)))
            for part, n in zip(parts, held, strict=True)
        }

    def standing(self, entry: int, terms: Sequence[Term], echoes: Sequence[Echo]) -> Sql:
        below = list(expressions(terms, own=True))
        for echo in dict.fromkeys(echoes):
            below.append(f"({' & '.join(_echo(echo))} & ({' | '.join(_echo(echo, own=True))}))")
        return Sql(
            "SELECT id FROM search_entrypage WHERE entry_id = %s AND vector @@ %s::tsquery",
            (entry, " | ".join(below)),
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
