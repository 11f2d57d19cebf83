"""What changed between two texts: line by line, and word by word within a line.

Invariants: pure. The old side of all rows, joined, is the old text and the new side the new one;
however long or alike the lines are, the time taken is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Indel, LCSseq

MAX_LINES: Final = 12_000
MAX_CHARACTERS: Final = 1_000_000
# A line longer than this is taken sentence by sentence, and a sentence longer than that in parts.
LONG_LINE: Final = 800
LONG_SENTENCE: Final = 4_000
# Two lines are one that was changed when they share this much of their words.
ALIKE: Final = 0.4
# How far on the changed line is looked for, how many of its words are weighed, and how often.
AHEAD: Final = 30
WEIGHED: Final = 300
WEIGHINGS: Final = 60_000
# Beyond so many pairs of words, the middle of a line is replaced as a whole.
WORD_PAIRS: Final = 20_000_000
CONTEXT: Final = 1

_SENTENCE_END = re.compile(r"(?<=[.!?;؟۔।。])\s+")
_WORDS = re.compile(r"\s+|[.,;:!?()\[\]{}\"“”«»„،؛؟/–—]|[^\s.,;:!?()\[\]{}\"“”«»„،؛؟/–—]+")

RowKind = Literal["same", "changed", "removed", "added", "gap"]
WordKind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, and the page that it stands on."""

    page: int
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Some words in a row that have the same fate."""

    kind: WordKind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its counterpart; a gap stands for `count` lines that are the same."""

    kind: RowKind
    old: Line | None = None
    new: Line | None = None
    count: int = 0

    @property
    def line(self) -> Line:
        """The newer of the two."""
        found = self.new or self.old
        assert found is not None
        return found

    def words(self) -> list[Words]:
        """Return what was removed, added and kept, in the order in which it is read."""
        if self.kind == "changed" and self.old and self.new:
            return changed_words(self.old.text, self.new.text)
        kind: WordKind = "same" if self.kind == "same" else _fate(self.kind)
        return [Words(kind, self.line.text)]


def _fate(kind: RowKind) -> WordKind:
    return "removed" if kind == "removed" else "added"


def lines_of(page: int, text: str, language: str = "") -> Iterator[Line]:
    """Yield the lines of a page, without empty ones, very long ones in sentences."""
    for line in text.split("\n"):
        line = " ".join(line.split())
        if not line:
            continue
        parts = _SENTENCE_END.split(line) if len(line) > LONG_LINE else [line]
        for part in parts:
            for start in range(0, len(part), LONG_SENTENCE):
                yield Line(page, part[start : start + LONG_SENTENCE], language)


def bounded(lines: Iterable[Line]) -> tuple[list[Line], bool]:
    """Return as many of the lines as are compared, and whether these are all."""
    kept: list[Line] = []
    size = 0
    for line in lines:
        size += len(line.text)
        if len(kept) == MAX_LINES or size > MAX_CHARACTERS:
            return kept, False
        kept.append(line)
    return kept, True


def compare(old: Sequence[Line], new: Sequence[Line]) -> list[Row]:
    """Return the rows of the comparison, every line of both texts in one of them."""
    known: dict[str, int] = {}
    left = [known.setdefault(line.text, len(known)) for line in old]
    right = [known.setdefault(line.text, len(known)) for line in new]
    pairing = _Pairing()
    rows: list[Row] = []
    for step in LCSseq.opcodes(left, right):
        before = old[step.src_start : step.src_end]
        after = new[step.dest_start : step.dest_end]
        if step.tag == "equal":
            rows += pairing.rows()
            rows += (Row("same", *pair) for pair in zip(before, after, strict=True))
        else:
            pairing.old += before
            pairing.new += after
    return rows + pairing.rows()


def without_sameness(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with what is the same, but for a line beside each change, in gaps."""
    near: set[int] = set()
    for place, row in enumerate(rows):
        if row.kind != "same":
            near.update(range(place - CONTEXT, place + CONTEXT + 1))
    kept: list[Row] = []
    count = 0
    for place, row in enumerate(rows):
        if place not in near:
            count += 1
            continue
        if count:
            kept.append(Row("gap", count=count))
            count = 0
        kept.append(row)
    return [*kept, Row("gap", count=count)] if count and kept else kept


class _Pairing:
    """Finds, among lines that are not the same, those of which one is the other changed."""

    def __init__(self) -> None:
        self.old: list[Line] = []
        self.new: list[Line] = []
        self._left = WEIGHINGS
        self._known: dict[str, int] = {}

    def rows(self) -> list[Row]:
        """Return the lines gathered so far as rows, and begin anew."""
        news = [self._numbers(line) for line in self.new] if self.old else []
        rows: list[Row] = []
        position = 0
        for line in self.old:
            found = self._like(self._numbers(line), news, position) if news else None
            if found is None:
                rows.append(Row("removed", old=line))
                continue
            rows += (Row("added", new=added) for added in self.new[position:found])
            rows.append(Row("changed", old=line, new=self.new[found]))
            position = found + 1
        rows += (Row("added", new=added) for added in self.new[position:])
        self.old, self.new = [], []
        return rows

    def _numbers(self, line: Line) -> list[int]:
        words = line.text.split(maxsplit=WEIGHED)[:WEIGHED]
        return [self._known.setdefault(word, len(self._known)) for word in words]

    def _like(self, words: list[int], others: list[list[int]], start: int) -> int | None:
        best, found = 0.0, None
        for place in range(start, min(start + AHEAD, len(others))):
            if self._left <= 0:
                break
            self._left -= 1
            shorter, longer = sorted((len(words), len(others[place])))
            if 2 * shorter < ALIKE * (shorter + longer):
                continue
            share = Indel.normalized_similarity(words, others[place], score_cutoff=ALIKE)
            if share > best:
                best, found = share, place
            if share > 2 * ALIKE:
                break
        return found


def changed_words(old: str, new: str) -> list[Words]:
    """Return how `old` became `new`."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    start = _shared(left, right)
    end = _shared(left[start:][::-1], right[start:][::-1])
    inside_left, inside_right = left[start : len(left) - end], right[start : len(right) - end]
    steps = [("".join(left[:start]), "", ""), *_steps(inside_left, inside_right)]
    steps.append(("".join(left[len(left) - end :]), "", ""))
    return list(_words(_tidied(steps)))


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


# What is kept, then what was removed after it, then what was added there.
_Step = tuple[str, str, str]


def _steps(left: list[str], right: list[str]) -> Iterator[_Step]:
    if len(left) * len(right) > WORD_PAIRS:
        yield "", "".join(left), "".join(right)
        return
    known: dict[str, int] = {}
    numbers = [[known.setdefault(word, len(known)) for word in side] for side in (left, right)]
    for step in LCSseq.opcodes(*numbers):
        before = "".join(left[step.src_start : step.src_end])
        after = "".join(right[step.dest_start : step.dest_end])
        yield (before, "", "") if step.tag == "equal" else ("", before, after)


def _tidied(steps: Iterable[_Step]) -> Iterator[_Step]:
    """Join changes that only a space or a comma parts."""
    removed = added = waiting = ""
    for kept, taken, given in steps:
        if kept:
            changed = removed or added
            if changed and not waiting and not any(char.isalnum() for char in kept):
                waiting = kept
                continue
            yield "", removed, added
            yield waiting + kept, "", ""
            removed = added = waiting = ""
            continue
        removed += waiting + taken
        added += waiting + given
        waiting = ""
    yield "", removed, added
    yield waiting, "", ""


def _words(steps: Iterable[_Step]) -> Iterator[Words]:
    for kept, removed, added in steps:
        if kept:
            yield Words("same", kept)
        if removed:
            yield Words("removed", removed)
        if added:
            yield Words("added", added)
