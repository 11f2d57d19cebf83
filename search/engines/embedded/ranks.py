"""What a page scores on PostgreSQL, and which pages are scored where very many match.

Invariant: the weights of words are those of the scope asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import connection

from search.engines.base import ECHO_WEIGHT, PAIR_WEIGHT, Clause, Echo, Tokens
from search.engines.concepts import concepts_of
from search.engines.embedded import tokens
from search.engines.embedded.dialect import BODY, TITLE, Sql, terms_of
from search.engines.embedded.rarity import together
from search.engines.embedded.vectors import (
    LONG,
    WEIGHTS,
    any_of,
    expressions,
    part_of,
    words_of,
)

# Weighing a page takes about a tenth of a millisecond.
MOST_PAGES: Final = 5_000
# Pairs of this engine weigh less than those that BM25 knows alone: the words of a pair that stand
# near each other, yet not in a row, add to them.
_PAIR: Final = PAIR_WEIGHT / 2
# BM25, with the numbers of FTS5. The length of a page is how many different words it holds; the
# usual one was tuned on a third of one test collection of abstracts, not reckoned from the index.
_K1, _B, _USUAL_LENGTH = 1.2, 0.75, 40
# `ts_rank` adds up what a word weighs where it stands, each place after the first for one over its
# number squared: from that sum follows how often a word stands in the text, and whether in the
# title, whose places come first and weigh 1.
_ALL_SQUARES: Final = math.pi**2 / 6
_OFTEN: Final = _ALL_SQUARES - 0.02
_TIMES: Final = (
    "CASE WHEN r = 0 THEN 0"
    f" WHEN r < 0.6 THEN 1 / ({_ALL_SQUARES} - least({_OFTEN}, r * {TITLE / BODY})) - 0.5"
    f" ELSE {TITLE / BODY - 1.5}"
    f" + 1 / ({_ALL_SQUARES} - least({_OFTEN}, 1 + (r - 1) * {TITLE / BODY})) END"
)
# Of words in a row it tells how near they stand to each other, all their places together.
_ONE_ROW: Final = -math.log(1 - 0.99 * BODY / TITLE)
_ROWS: Final = f"-ln(1 - least(0.99, r)) / {_ONE_ROW}"


class Crowd(NamedTuple):
    """Queries for the pages to weigh: those that hold a rarer clause, and some that hold all."""

    rare: str
    together: str


def score(clauses: Sequence[Clause], pairs: Sequence[Tokens], *, public_only: bool) -> Sql:
    """The sum of what words, pairs and the best labels of concepts score on a page."""
    concepts = concepts_of(clauses)
    typed = list(expressions(terms_of(clauses)))
    echoed = [word for concept in concepts for echo in concept for word in words_of(echo)]
    paired = list(dict.fromkeys(part_of(pair, LONG, own=False) for pair in pairs))
    sequences = _sequences(clauses, pairs)
    parts = list(dict.fromkeys((*typed, *echoed, *paired)))
    weighed = _weights(clauses, parts, sequences, public_only=public_only)
    # Of pages that hold as many different words the shorter one says more.
    shorter = Sql("3 * ts_rank(%s::float4[], vector, %s::tsquery, 1)", (WEIGHTS, " | ".join(typed)))
    summands = [_ranked(typed, weighed), shorter]
    if paired:
        neighbours = _ranked(paired, weighed)
        summands.append(Sql(f"{_PAIR} * ({neighbours.text})", neighbours.params))
    for concept in concepts:
        labels = [_ranked_echo(echo, weighed) for echo in concept]
        summands.append(
            Sql(
                f"{ECHO_WEIGHT} * greatest(0, {', '.join(label.text for label in labels)})",
                tuple(p for label in labels for p in label.params),
            )
        )
    return Sql(
        " + ".join(summand.text for summand in summands),
        tuple(p for summand in summands for p in summand.params),
    )


def _sequences(clauses: Sequence[Clause], pairs: Sequence[Tokens]) -> dict[str, Tokens]:
    """The tokens of each part of a query."""
    found: dict[str, Tokens] = {}
    for term in terms_of(clauses):
        parts = expressions([term])
        found.update(zip(parts, dict.fromkeys(term.sequences), strict=True))
    for clause in clauses:
        for echo in clause.echoes:
            found.update(zip(words_of(echo), dict.fromkeys(echo.words), strict=True))
    found.update((part_of(pair, LONG, own=False), pair) for pair in pairs)
    return found


def _ranked(parts: Sequence[str], weighed: Mapping[str, float]) -> Sql:
    """The sum of what these words score on a page."""
    return Sql(
        " + ".join(_bm25(several=" <-> " in part) for part in parts),
        tuple(x for part in parts for x in _bm25_params(part, weighed[part])),
    )


def _bm25(*, several: bool) -> str:
    """What a word, or several in a row, scores on a page, by how often it stands there."""
    ranked = f"{_ALL_SQUARES} * ts_rank(%s::float4[], vector, %s::tsquery, 0)"
    if several:
        # `ts_rank` counts words that stand near each other in any order, too.
        ranked = (
            "CASE WHEN vector @@ %s::tsquery"
            " THEN ts_rank(%s::float4[], vector, %s::tsquery, 0) ELSE 0 END"
        )
    length = f"{_K1} * ({1 - _B} + {_B} / {_USUAL_LENGTH} * length(vector))"
    return (
        f"%s * (SELECT {_K1 + 1} * times / (times + {length}) FROM"  # noqa: S608
        f" (SELECT {_ROWS if several else _TIMES} AS times FROM"
        f" (SELECT {ranked} AS r OFFSET 0) ranked OFFSET 0) counted)"
    )


def _bm25_params(part: str, weight: float) -> tuple[object, ...]:
    return (weight, part, WEIGHTS, part) if " <-> " in part else (weight, WEIGHTS, part)


def _ranked_echo(echo: Echo, weighed: Mapping[str, float]) -> Sql:
    """What a label scores on a page that holds all of it."""
    words = words_of(echo)
    ranked = _ranked(words, weighed)
    return Sql(
        f"CASE WHEN vector @@ %s::tsquery THEN {ranked.text} END",
        (" & ".join(words), *ranked.params),
    )


def _weights(
    clauses: Sequence[Clause],
    parts: Sequence[str],
    sequences: Mapping[str, Tokens],
    *,
    public_only: bool,
) -> dict[str, float]:
    """What each part weighs; the forms of a word alike, as the most frequent of them."""
    total = tokens.total(public_only=public_only)
    if total is None:
        total, held = counted(parts, public_only=public_only)
        rows = {sequences[part]: n for part, n in held.items()}
    else:
        wanted = {sequences[part] for part in parts}
        rows = tokens.rows_of(wanted, public_only=public_only)
    rows |= together(terms_of(clauses), rows)
    return {part: tokens.weight(total, rows[sequences[part]]) for part in parts}


def counted(parts: Sequence[str], *, public_only: bool) -> tuple[int, dict[str, int]]:
    """How many pages a small index has now, and on how many each of these stands."""
    scope = " AND public" if public_only else ""
    one = f"(SELECT count(*) FROM search_entrypage WHERE vector @@ %s::tsquery{scope})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM search_entrypage WHERE true{scope}),"  # noqa: S608
            f" {', '.join([one] * len(parts))}",
            list(parts),
        )
        total, *held = cursor.fetchall()[0]
    return int(total), dict(zip(parts, map(int, held), strict=True))


def crowd(clauses: Sequence[Clause], *, public_only: bool) -> Crowd | None:
    """Which pages to weigh, where all would be too many; None where they are not."""
    if (tokens.total(public_only=public_only) or 0) <= MOST_PAGES:
        return None
    words = {w for c in clauses for e in c.echoes for w in e.words}
    sequences = {s for c in clauses for s in c.sequences} | words
    rows = tokens.rows_of(sequences, public_only=public_only)
    sizes = sorted((_size(clause, rows), place) for place, clause in enumerate(clauses))
    if sum(size for size, _ in sizes) <= MOST_PAGES:
        return None
    rare, room = [], MOST_PAGES
    for size, place in sizes:
        room -= size
        if room < 0:
            break
        rare.append(clauses[place])
    together = " & ".join(f"({_any([clause])})" for clause in clauses)
    return Crowd(_any(rare) if rare else "", together)


def _size(clause: Clause, rows: Mapping[Tokens, int]) -> int:
    """On how many pages a clause may stand."""
    echoes = sum(min(rows[word] for word in echo.words) for echo in clause.echoes if echo.words)
    return sum(rows[sequence] for sequence in clause.sequences) + echoes


def _any(clauses: Iterable[Clause]) -> str:
    held = list(clauses)
    return any_of(terms_of(held), [echo for clause in held for echo in clause.echoes])
