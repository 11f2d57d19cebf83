"""The best records of an answer from document rows, put in order by their best pages.

Invariant: only the order of records that were found changes, and only among the first
`RERANKED`, so that paging shows each of them once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.db import connection

from search.engines.base import BEST_PAGES, ECHO_WEIGHT, PAIR_WEIGHT, Clause, Query, Tokens
from search.engines.concepts import concepts_of
from search.engines.embedded import tokens
from search.engines.embedded.dialect import (
    BODY,
    PARTS,
    SEAM,
    TITLE,
    in_parts,
    terms_of,
)
from search.engines.embedded.expressions import every, expression
from search.engines.embedded.rarity import together
from search.engines.embedded.sqlite import LAST
from search.models import PAGE_BITS, EntryPage

RERANKED: Final = 30
# Of very long records that hold the words everywhere, no more pages than this are read.
MAX_PAGES_READ: Final = 400
_K1, _B = 1.2, 0.75
_WEIGHTS: Final = (TITLE, BODY, SEAM, PARTS)
_WORD, _PHRASE_OF_ONE, _LONG = (0, 1, 3), (0, 1), (0, 1, 2)


Columns = tuple[list[str], ...]


class Scored(NamedTuple):
    """A record's best score, and its best pages' numbers."""

    score: float
    pages: tuple[int, ...]


@dataclass
class Pages:
    """Scores pages as FTS5 does, from their tokens."""

    query: Query
    public_only: bool
    columns: dict[Tokens, tuple[int, ...]] = field(init=False, default_factory=dict)
    weights: dict[Tokens, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for term in terms_of(self.query.counted):
            for sequence in term.sequences:
                short = _WORD if in_parts(term, sequence) else _PHRASE_OF_ONE
                found = _LONG if len(sequence) > 1 else short
                self.columns[sequence] = max(found, self.columns.get(sequence, ()), key=len)
        typed = list(self.columns)
        for echo in self.query.echoes:
            for word in echo.words:
                self.columns.setdefault(word, _LONG if len(word) > 1 else _WORD)
        for pair in self.query.pairs:
            self.columns.setdefault(pair, _LONG)
        total = tokens.total(public_only=self.public_only) or 0
        rows = tokens.rows_of(self.columns, public_only=self.public_only) if total else {}
        rows |= together(terms_of(self.query.counted), rows)
        self.weights = {s: tokens.weight(max(total, 2), rows.get(s, 1)) for s in self.columns}
        self.typed = typed

    def score(self, columns: Columns, average: float) -> float:
        """The score of a page with these columns."""
        norm = _K1 * (1 - _B + _B * _length(columns) / average)

        def worth(sequence: Tokens) -> float:
            often = sum(_WEIGHTS[i] * _often(sequence, columns[i]) for i in self.columns[sequence])
            return self.weights[sequence] * often * (_K1 + 1) / (often + norm) if often else 0.0

        score = sum(worth(sequence) for sequence in self.typed)
        score += PAIR_WEIGHT * sum(worth(pair) for pair in self.query.pairs)
        for concept in concepts_of(self.query.counted):
            labels = [[worth(word) for word in echo.words] for echo in concept]
            whole = [sum(label) for label in labels if all(label)]
            score += ECHO_WEIGHT * max(whole, default=0.0)
        return score


def _often(sequence: Tokens, column: list[str]) -> int:
    """How often the tokens stand next to each other."""
    first, size, often, start = sequence[0], len(sequence), column.count(sequence[0]), 0
    if size == 1 or not often:
        return often
    for _ in range(often):
        start = column.index(first, start) + 1
        often -= tuple(column[start - 1 : start - 1 + size]) != sequence
    return often


def _length(columns: Columns) -> int:
    """How many tokens a page has; the seam repeats some."""
    title, body, _, parts = columns
    return len(title) + len(body) + len(parts)


def score_pages(query: Query, entries: Sequence[int], *, public_only: bool) -> dict[int, Scored]:
    """The best pages of these records."""
    keys = _shared_out(query.counted, entries)
    texts = _texts([key for found in keys.values() for key in found])
    if not texts:
        return {}
    average = sum(map(_length, texts.values())) / len(texts) or 1.0
    pages = Pages(query, public_only)
    scores = {key: pages.score(row, average) for key, row in texts.items()}
    numbers = dict(EntryPage.objects.filter(pk__in=texts).values_list("pk", "number"))
    found = {}
    for entry, held in keys.items():
        ranked = sorted((k for k in held if k in scores), key=lambda k: (-scores[k], k))
        if ranked:
            best = dict.fromkeys(n for k in ranked if (n := numbers.get(k, 0)))
            found[entry] = Scored(scores[ranked[0]], tuple(best)[:BEST_PAGES])
    return found


def _shared_out(clauses: Sequence[Clause], entries: Sequence[int]) -> dict[int, list[int]]:
    """The pages to read of each record: all, or a fair share with those that hold most first."""
    anything = expression(terms_of(clauses), [e for c in clauses for e in c.echoes])
    held = {entry: _standing(anything, entry) for entry in entries}
    room, left = MAX_PAGES_READ, len(held)
    for entry, found in sorted(held.items(), key=lambda item: len(item[1])):
        share = max(1, room // left)
        if len(found) > share:
            whole = _standing(every(clauses), entry)
            held[entry] = list(dict.fromkeys((*whole, *found)))[:share]
        room -= len(held[entry])
        left -= 1
    return held


def _standing(expression: str, entry: int) -> list[int]:
    first = entry << PAGE_BITS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_text_all WHERE search_text_all MATCH %s"
            " AND rowid BETWEEN %s AND %s",
            (expression, first, first + LAST),
        )
        return [row[0] for row in cursor.fetchall()]


def _texts(keys: Sequence[int]) -> dict[int, Columns]:
    marks = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid, title, body, seam, parts FROM search_text_all"  # noqa: S608
            f" WHERE rowid IN ({marks})",
            list(keys),
        )
        return {row[0]: tuple(column.split() for column in row[1:]) for row in cursor.fetchall()}
