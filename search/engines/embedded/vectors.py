"""Our tokens as PostgreSQL's vectors and queries.

Invariant: title, body, seam and parts keep apart by position and weight (A, B, C, D), so that no
phrase runs from one into another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.engines.base import Echo, Term, Tokens
from search.engines.embedded.dialect import BODY, PARTS, SEAM, TITLE, PageRow, in_parts

# tsvector knows positions up to 16383 only: titles, then the body, the seam, then parts.
_BODY, _SEAM, _PARTS, _END = 256, 12_256, 12_300, 16_383
# Where a single word and where several in a row may stand.
SINGLE, LONG = "ABD", "ABC"
WEIGHTS = f"{{{PARTS / TITLE:.4f},{SEAM / TITLE:.4f},{BODY / TITLE:.4f},1}}"


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


def part_of(sequence: Tokens, weights: str, *, own: bool) -> str:
    """A tsquery for tokens next to each other."""
    # Tokens hold no quotation marks or backslashes. A page's own text is all but the title.
    marks = ":" + (weights.replace("A", "") if own else weights)
    return "(" + " <-> ".join(f"'{token}'{marks}" for token in sequence) + ")"


def words_of(echo: Echo, *, own: bool = False) -> list[str]:
    """A tsquery for each of its words."""
    words = dict.fromkeys(echo.words)
    return [part_of(word, LONG if len(word) > 1 else SINGLE, own=own) for word in words]


def expressions(terms: Sequence[Term], *, own: bool = False) -> Iterator[str]:
    """A tsquery for each sequence."""
    parts = []
    for term in terms:
        for sequence in term.sequences:
            weights = LONG if len(sequence) > 1 else "AB"
            weights = SINGLE if in_parts(term, sequence) else weights
            parts.append(part_of(sequence, weights, own=own))
    yield from dict.fromkeys(parts)


def any_of(terms: Sequence[Term], echoes: Sequence[Echo]) -> str:
    alternatives = [*expressions(terms), *(f"({' & '.join(words_of(echo))})" for echo in echoes)]
    return " | ".join(alternatives)


def split(terms: Sequence[Term]) -> tuple[list[str], list[Term]]:
    """Plain words of one token, and what is left of the terms."""
    words: dict[str, None] = {}
    rest = []
    for term in terms:
        single = [s for s in term.sequences if in_parts(term, s)]
        words.update(dict.fromkeys(f"'{s[0]}'" for s in single))
        longer = tuple(s for s in term.sequences if not in_parts(term, s))
        if longer:
            rest.append(Term(longer, term.phrase, term.light))
    return list(words), rest
