"""A page's text as paragraphs, with the words of a query marked.

Invariant: the pieces of a text, joined, are the text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from coalitions.language import LANGUAGES, Piece, analyse, analyses, clean, light_words, spans

# A line of this many signs that reaches this far, measured by its page's long lines, was broken by
# the page's edge and not by its writer.
FULL_LINE = 0.75
LONG_LINE = 45
_PHRASE = re.compile(r'["“”«»„]([^"“”«»„]+)["“”«»„]')
_ITEM = re.compile(r"\s*(?:[-–•*▪]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|[IVX]+\s*[-–])\s")
# A search box's exclusions: a word or a phrase after a minus that stands at a word's beginning.
_EXCLUDED = re.compile(r'(?<!\S)[-−–](?:["“”«»„][^"“”«»„]*["“”«»„]|\S+)')
MAX_QUERY = 400


def wanted_sequences(query: str) -> list[tuple[str, ...]]:
    """Return the token sequences of the phrases and words of `query`, in every language.

    What the query excludes is not wanted.
    """
    query = _EXCLUDED.sub(" ", clean(query)[:MAX_QUERY])
    phrases = _PHRASE.findall(query)
    words = [word for word in _PHRASE.sub(" ", query).split() if word != "OR"]
    light = light_words([folded for word in words for folded in analyse(word)], LANGUAGES)
    heavy = [word for word in words if not light.issuperset(analyse(word))] or words
    return [sequence for part in (*phrases, *heavy) for sequence in analyses(part)]


def wanted_of(*queries: str) -> list[tuple[str, ...]]:
    """Return the token sequences of all of the queries."""
    return [sequence for query in queries if query.strip() for sequence in wanted_sequences(query)]


def paragraphs(
    text: str, language: str, wanted: Sequence[tuple[str, ...]]
) -> tuple[list[list[Piece]], Piece | None]:
    """Return the text's paragraphs, each in pieces, and the first piece that is marked."""
    marks = spans(text, language, wanted) if wanted else []
    found = [list(_pieces(text, start, end, marks)) for start, end in _blocks(text)]
    first = next((piece for pieces in found for piece in pieces if piece.marked), None)
    return found, first


def unwrapped(text: str) -> str:
    """Return a page's text with the lines rejoined that only the page's width had broken."""
    lines = text.split("\n")
    usual = sorted(len(line) for line in lines)[len(lines) * 4 // 5]
    full = max(LONG_LINE, FULL_LINE * usual)
    joined = [lines[0]]
    for before, line in pairwise(lines):
        own_start = not line.strip() or _ITEM.match(line)
        joined.append(("\n" if own_start or len(before) < full else " ") + line)
    return "".join(joined)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for gap in re.finditer(r"\n\s*\n", text):
        if gap.start() > position:
            yield position, gap.start()
        position = gap.end()
    if text[position:].strip():
        yield position, len(text)


def _pieces(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> Iterator[Piece]:
    position = start
    # Marks are in order and do not overlap: those of one block stand together.
    for left, right in marks[bisect_left(marks, start, key=itemgetter(1)) :]:
        if left >= end:
            break
        left, right = max(left, position), min(right, end)
        if left >= right:
            continue
        if left > position:
            yield Piece(text[position:left], marked=False)
        yield Piece(text[left:right], marked=True)
        position = right
    if position < end:
        yield Piece(text[position:end], marked=False)
