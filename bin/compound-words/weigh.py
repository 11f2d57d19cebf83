"""How likely each word is to begin or to end a compound, told from the words of a list.

A word that stands before (after) many other words of the list begins (ends) compounds; what looks
like one because of a prefix, a suffix or chance is on the lists that were reviewed by hand.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from coalitions.language import stem
from coalitions.language.compounds import Words, cut

VOWELS: Final = frozenset("aeiouy")


@dataclass
class Lexicon:
    """A language's words, folded. `standing` may stand alone; `words` is everything listed.

    `plain` are words that no part of the right kind ends, so that they cannot be compounds.
    """

    language: str
    words: set[str] = field(default_factory=set)
    standing: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)
    adjectives: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    last: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Reviewed:
    """The lists that were made by hand: see the headings in nl.txt."""

    particles: frozenset[str]
    endings: frozenset[str]
    simple: frozenset[str]
    links: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path) -> Reviewed:
        """Sections begin with [name] and a note."""
        lists: dict[str, set[str]] = {}
        name = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if heading := re.match(r"\[(\w+)\]", line):
                name = heading[1]
            elif name and not line.startswith("#"):
                lists.setdefault(name, set()).update(line.split())
        return cls(**{name: frozenset(words) for name, words in lists.items()})


class Scale:
    """The weights of a language's words, and the data file made of them."""

    # Nouns made with these take a linking s that no list shows.
    DERIVED: Final = {
        "nl": re.compile(r"(ing|heid|teit|schap|ij|ment)s\Z"),
        "de": re.compile(r"(ung|heit|keit|tat|schaft|ion|ling|tum|um)s\Z"),
    }
    PARTICIPLE: Final = {
        "nl": re.compile(r"end(e)?\Z"),
        "de": re.compile(r"(end|[lr]nd)(e[mnrs]?)?\Z"),
    }
    PAST: Final = {
        "nl": re.compile(r"(?!)"),
        "de": re.compile(r"(\A(be|ent|er|ge|ver|zer)\w+t|iert)(e[mnrs]?)?\Z"),
    }

    # Words that are parts this seldom are left out where they can be cut themselves, and where
    # they are long.
    SELDOM: Final = {"nl": 3, "de": 20}
    LONG: Final = {"nl": 99, "de": 15}

    def __init__(self, lexicon: Lexicon, reviewed: Reviewed) -> None:
        self.lexicon, self.reviewed = lexicon, reviewed
        self.language = lexicon.language
        self.irregular = tuple(sorted(w for w in reviewed.nouns if len(w) > 4))
        lexicon.words |= reviewed.nouns
        lexicon.nouns |= reviewed.nouns
        lexicon.verbs -= reviewed.nouns
        self.firsts: Counter[str] = Counter()
        self.lasts: Counter[str] = Counter()
        self._count()
        self.lasts_by_stem: Counter[str] = Counter()
        for word, count in self.lasts.items():
            self.lasts_by_stem[stem(word, self.language)] += count

    def _linked(self, word: str) -> bool:
        return word[-1] == "s" and word[:-1] in self.lexicon.nouns

    def _count(self) -> None:
        held = self.lexicon
        ends = {w for w in (held.nouns - held.verbs) | held.last if len(w) >= 4}
        for word in held.words:
            for i in range(3, len(word) - 2):
                before, after = word[:i], word[i:]
                known = before in held.first or self._linked(before)
                if after in ends and (known or before in held.words):
                    self.firsts[before] += 1
                if len(before) >= 4 and after in held.words and (known or before in held.nouns):
                    self.lasts[after] += 1

    def first(self, word: str) -> float | None:
        """The weight of a word as the part before, with its linking letters."""
        held, never = self.lexicon, self.reviewed.particles
        if len(word) < 3 or not VOWELS & set(word) or word in never:
            return None
        if word[-1] == "s" and word[:-1] in never:
            return None
        count = self.firsts[word]
        if len(word) == 3:
            return math.log(count + 1) - 1 if count >= 20 else None
        known = word in held.nouns or word in held.first or word in held.adjectives
        if not known and not self._linked(word) and count < 25:
            return None
        if count >= 3:
            return math.log(count + 1)
        derived = bool(self.DERIVED[self.language].search(word)) and self._linked(word)
        if word in held.first or (len(word) >= 5 and (word in held.nouns or derived)):
            return math.log(count + 2)
        return None

    def last(self, word: str) -> float | None:
        """The weight of a word as the part after."""
        held = self.lexicon
        if len(word) < 3 or not VOWELS & set(word) or word in self.reviewed.endings:
            return None
        if word in self.reviewed.links:
            return 1.5
        count = self.lasts[word]
        if word in self.reviewed.particles and count < 60:
            return None
        if len(word) == 3:
            return math.log(count + 1) - 1 if count >= 60 and word in held.nouns else None
        if len(word) > 4:
            count = max(count, self.lasts_by_stem[stem(word, self.language)])
        return self._long_last(word, count)

    def _long_last(self, word: str, count: int) -> float | None:
        held = self.lexicon
        verb, adjective = word in held.verbs, word in held.adjectives
        if word in held.nouns:
            enough = count >= 3 or word in held.last or len(word) >= 6
            return math.log(count + 2) if enough else None
        if word in held.words and not verb and not adjective and len(word) >= 6:
            return math.log(count + 2) - 0.3
        if adjective and count >= 10 and len(word) >= 5:
            return math.log(count + 1)
        if verb and len(word) >= 7 and self.PARTICIPLE[self.language].search(word):
            return math.log(count + 2)
        if verb and len(word) >= 6 and self.PAST[self.language].search(word):
            return math.log(count + 2) - 0.3
        return None

    def _is_simple(self, word: str, stems: frozenset[str]) -> bool:
        held = self.lexicon
        return (
            stem(word, self.language) in stems
            or (word in held.plain and not word.endswith(self.irregular))
            or bool(re.search(r"schappers?\Z", word))
            or (
                word in held.verbs
                and word not in held.nouns
                and not self.PARTICIPLE[self.language].search(word)
            )
        )

    def words(self) -> Words:
        """Everything that the splitter needs to know."""
        held = self.lexicon
        derived = {
            f"{w}s" for w in held.nouns if self.DERIVED[self.language].search(f"{w}s") is not None
        }
        everything = held.words | held.first | held.last | derived | self.reviewed.links
        short = {w for w in held.nouns if len(w) < 11}
        strict = held.first | held.last | short
        weights = {
            word: Words.pack(first, last, strict=word in strict)
            for word in sorted(everything)
            if (first := _tenths(self.first(word))) + (last := _tenths(self.last(word)))
        }
        return self._thinned(self._guarded(Words(self.language, weights)))

    def _guarded(self, words: Words) -> Words:
        """Add the words that would be cut and must not be."""
        stems = frozenset(stem(w, self.language) for w in self.reviewed.simple)
        nouns = {stem(w, self.language) for w in self.lexicon.nouns}
        words.whole_stems.update(stems)
        for word in sorted(self.lexicon.words):
            if self._is_simple(word, stems) and cut(word, words):
                mine = stem(word, self.language)
                if mine in nouns:
                    words.whole.add(word)
                else:
                    words.whole_stems.add(mine)
        return words

    def _thinned(self, words: Words) -> Words:
        """Without the words that are rare as parts and compounds themselves."""
        seldom, long = self.SELDOM[self.language], self.LONG[self.language]
        for word in list(words.weights):
            count = self.firsts[word] + self.lasts[word]
            rare = len(word) > long and not self.DERIVED[self.language].search(word)
            if count < seldom and (rare or cut(word, words)):
                del words.weights[word]
        return words


def _tenths(weight: float | None) -> int:
    return 0 if weight is None else max(1, min(127, round(weight * 10)))
