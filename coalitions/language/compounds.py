"""The parts of compound words, told by a list of words that begin and end compounds.

Invariant: pure; the parts of a word joined together are the word; a word that the list does not
know how to cut stays whole. The list is read when the first word of its language is cut.
"""

from __future__ import annotations

import gzip
import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from coalitions.language.stems import language_code, stem

LISTS: Final = {"nl": "dutch.txt.gz", "de": "german.txt.gz"}
MIN_WORD: Final = 6
MAX_WORD: Final = 60
MIN_PART: Final = 3

# What the weights of both parts must add up to; words that are often parts themselves ("cultuur"
# in "bedrijfscultuur") and short ones must be surer.
FLOOR: Final = 35
STRICT_FLOOR: Final = 50
# A part that has to be cut itself counts for less than half, so that known words win.
NESTED_SHARE: Final = 0.45
NESTED_COST: Final = 15
# Where both parts meet in the same consonant, the second is mostly the end of a plural or a
# diminutive ("pak-ketten"), unless it ends many compounds.
DOUBLED_MIN: Final = 28
LINKED_MIN: Final = 30
VOWELS: Final = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of a language's words.

    `weights` packs three facts into a number: the word's weight as the part before (0: never
    one), its weight as the part after, and whether it is rather a part than made of parts.
    """

    language: str
    weights: dict[str, int]
    whole: set[str] = field(default_factory=set)
    whole_stems: set[str] = field(default_factory=set)

    @staticmethod
    def pack(first: int, last: int, *, strict: bool) -> int:
        """The facts about one word as a number of sixteen bits."""
        return first << 8 | last << 1 | strict

    def strict(self, word: str) -> bool:
        """Whether cutting this word asks for more."""
        return bool(self.weights.get(word, 0) & 1)

    def packed(self) -> bytes:
        """As the data file has it."""
        numbers = array("H", self.weights.values())
        if sys.byteorder == "big":
            numbers.byteswap()
        sections = (
            "\n".join(self.weights),
            b64encode(numbers.tobytes()).decode(),
            "\n".join(sorted(self.whole)),
            "\n".join(sorted(self.whole_stems)),
        )
        return gzip.compress("\n\n".join(sections).encode(), 9, mtime=0)

    @classmethod
    def unpacked(cls, language: str, data: bytes) -> Words:
        """From the data file."""
        words, weights, whole, stems = gzip.decompress(data).decode().split("\n\n")
        numbers = array("H", b64decode(weights))
        if sys.byteorder == "big":
            numbers.byteswap()
        return cls(
            language,
            dict(zip(words.split("\n"), numbers, strict=True)),
            set(whole.split("\n")),
            set(stems.split("\n")),
        )


class Cut(NamedTuple):
    """The best place to cut a word, and how sure it is."""

    sure: int
    before: str
    after: str


@cache
def _words(language: str) -> Words:
    data = files("coalitions.language").joinpath("data", LISTS[language]).read_bytes()
    return Words.unpacked(language, data)


def splits(language: str) -> bool:
    """Whether the compounds of a language are cut."""
    return language in LISTS


def cut(word: str, words: Words) -> Cut | None:
    """The surest cut of a folded word in two, or None where it is better left whole."""
    if not MIN_WORD <= len(word) <= MAX_WORD:
        return None
    best = max(_cuts(word, words), default=None)
    if best is None or word in words.whole or (best.sure < STRICT_FLOOR and words.strict(word)):
        return None
    return None if stem(word, words.language) in words.whole_stems else best


def _cuts(word: str, words: Words) -> Iterator[Cut]:
    known = words.weights.get
    for i in range(MIN_PART, len(word) - MIN_PART + 1):
        before, after = word[:i], word[i:]
        first, last = known(before, 0) >> 8, known(after, 0) >> 1 & 127
        if not first and not last:
            continue
        if last and _meets_itself(before, after, first, last):
            continue
        sure = first + last
        if not first:
            sure += _nested(_nested_first(before, words))
        elif not last:
            sure += _nested(cut(after, words) if len(after) > MIN_WORD else None)
        if sure >= FLOOR:
            yield Cut(sure, before, after)


def _meets_itself(before: str, after: str, first: int, last: int) -> bool:
    if before[-1] != after[0] or after[0] in VOWELS or (last >= DOUBLED_MIN and len(after) > 3):
        return False
    return not (before[-1] == "s" and first >= LINKED_MIN and len(after) >= MIN_WORD)


def _nested(found: Cut | None) -> int:
    """What a part that has to be cut itself adds; without a cut nothing can make up for it."""
    return round(found.sure * NESTED_SHARE) - NESTED_COST if found else -1_000


def _nested_first(before: str, words: Words) -> Cut | None:
    """A first part that is a compound itself, with the linking s that its end may take."""
    if len(before) <= MIN_WORD:
        return None
    found = cut(before, words)
    if found is None and before[-1] == "s":
        found = cut(before[:-1], words)
        if found is not None and not words.weights.get(f"{found.after}s", 0) >> 8:
            return None
    return found


def pieces(word: str, words: Words) -> list[str]:
    """The word cut as often as it can be; the word alone where it is no compound."""
    found = cut(word, words)
    if found is None:
        return [word]
    return [*pieces(found.before, words), *pieces(found.after, words)]


def compound_pieces(word: str, language: str | None) -> tuple[str, ...]:
    """The parts of a folded word with their linking letters; empty when it is no compound."""
    code = language_code(language)
    if code not in LISTS or not word.isalpha():
        return ()
    found = pieces(word, _words(code))
    return tuple(found) if len(found) > 1 else ()


@lru_cache(maxsize=131_072)
def compound_parts(word: str, language: str | None) -> tuple[str, ...]:
    """The stems of the parts of a folded word; empty when it is no compound.

    Of three parts and more, those that stand together count as parts too: *rechten* and
    *kinderrechten* are both found in *kinderrechtenverdrag*.
    """
    found, code = compound_pieces(word, language), language_code(language)
    count = len(found)
    runs = (
        "".join(found[i : i + length])
        for length in range(1, count)
        for i in range(count - length + 1)
    )
    return tuple(dict.fromkeys(stem(run, code) for run in runs))


def compound_stems(word: str, language: str | None) -> tuple[str, ...]:
    """The stems of the parts that a folded word is made of, in order; empty for no compound."""
    found = compound_pieces(word, language)
    return tuple(dict.fromkeys(stem(piece, language_code(language)) for piece in found))
