"""Where the words of a query stand in a text, and the piece of the text that shows them best.

Invariant: spans are sorted, do not overlap, and lie inside the text; the pieces of a snippet
joined together are a slice of the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coalitions.language.analysis import word_parts, word_with_spans
from coalitions.language.characters import WORD, clean
from coalitions.language.compounds import splits
from coalitions.language.known import known_words
from coalitions.language.stems import language_code

SIZE: Final = 240
LEAD: Final = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet: its text, and whether it is one of the words asked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """Pieces in order, and whether the text goes on before and after them."""

    pieces: tuple[Piece, ...] = ()
    cut_before: bool = False
    cut_after: bool = False

    @property
    def text(self) -> str:
        """The snippet without its marks."""
        return "".join(piece.text for piece in self.pieces)


def _places(
    text: str, language: str | None, wanted: Iterable[Sequence[str]]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, sequence) where the sequences stand; a single word, in compounds too.

    Each different word of the text is looked at once, and its neighbours only where a sequence
    may begin: of a page's words few are among those asked for.
    """
    by_first: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for sequence in wanted:
        if sequence:
            by_first[sequence[0]].add(tuple(sequence))
    if not by_first:
        return []
    code = language_code(language)
    known = known_words(code)
    words = WORD.findall(text)
    different = set(words)
    heads = known.holding(different, by_first.keys())
    single = {first for first, sequences in by_first.items() if (first,) in sequences}
    compounds = known.compounds_of(different, single) if splits(code) else set()
    if not heads and not compounds:
        return []
    places: list[tuple[int, int, tuple[str, ...]]] = []
    starts = _starts(text, words)
    both = heads | compounds
    for i, word in enumerate(words):
        if word not in both:
            continue
        if word in heads:
            places += _beginning(words, starts, i, by_first, code)
        if word in compounds:
            span = starts[i], starts[i] + len(word)
            places += [(*span, (part,)) for part in word_parts(word, code) if part in single]
    return sorted(places)


def _starts(text: str, words: Sequence[str]) -> list[int]:
    """Where the words begin: a word begins at the first letter after the word before."""
    starts, end = [], 0
    for word in words:
        start = text.find(word, end)
        starts.append(start)
        end = start + len(word)
    return starts


def _beginning(
    words: Sequence[str],
    starts: Sequence[int],
    place: int,
    by_first: Mapping[str, set[tuple[str, ...]]],
    code: str,
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The sequences that begin in one word."""
    tokens = list(word_with_spans(words[place], starts[place], code))
    count, after = len(tokens), place + 1
    for i in range(count):
        for sequence in by_first.get(tokens[i].text, ()):
            last = i + len(sequence) - 1
            while len(tokens) <= last and after < len(words):
                tokens += word_with_spans(words[after], starts[after], code)
                after += 1
            if last < len(tokens) and all(
                tokens[i + k].text == part for k, part in enumerate(sequence)
            ):
                yield tokens[i].start, max(tokens[i].end, tokens[last].end), sequence


def _merged(places: Iterable[tuple[int, int, tuple[str, ...]]]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end, _ in places:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def spans(
    text: str, language: str | None, wanted: Iterable[Sequence[str]]
) -> list[tuple[int, int]]:
    """Spans of the text where one of the wanted token sequences stands.

    `language` is the language the text was analysed in; `wanted` holds the query's sequences
    (a single word is a sequence of one) in any language.
    """
    return _merged(_places(text, language, wanted))


def snippet(
    text: str,
    language: str | None,
    wanted: Iterable[Sequence[str]],
    *,
    size: int = SIZE,
) -> Snippet:
    """The slice of about `size` characters that shows most of what was asked for, marked."""
    text = " ".join(clean(text).split())
    places = _places(text, language, wanted)
    start = _best_start(places, size)
    start, end = _to_word_ends(text, start, start + size)
    pieces: list[Piece] = []
    position = start
    for left, right in _merged(places):
        if left < start or right > end:
            continue
        if left > position:
            pieces.append(Piece(text[position:left], marked=False))
        pieces.append(Piece(text[left:right], marked=True))
        position = right
    if position < end:
        pieces.append(Piece(text[position:end], marked=False))
    return Snippet(tuple(pieces), cut_before=start > 0, cut_after=end < len(text))


def _best_start(places: list[tuple[int, int, tuple[str, ...]]], size: int) -> int:
    """Where to begin: the window with the longest and most different sequences."""
    starts = [place[0] for place in places]
    best, best_score = 0, 0
    for i, (start, _, _) in enumerate(places):
        begin = max(0, start - LEAD)
        inside = places[i : bisect_left(starts, begin + size - LEAD // 2)]
        distinct = {place[2] for place in inside}
        score = 100 * sum(len(sequence) for sequence in distinct) + min(len(inside), 20)
        if score > best_score:
            best, best_score = begin, score
    return best


def _to_word_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends to a space nearby; scripts without spaces are cut where they are."""
    if start > 0:
        space = text.find(" ", start, start + 30)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(start, end - 40), end)
        end = space if space > start else end
    return start, min(end, len(text))
