"""Which words of a text hold a token: what earlier texts taught, so that few are looked at again.

Invariant: answers what the analysis of each word would; what is forgotten is learned again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Set
from typing import Final

from coalitions.language.analysis import word_parts, word_tokens
from coalitions.language.compounds import splits
from coalitions.language.stems import MAX_TOKEN

_MOST: Final = 50_000


class KnownWords:
    """Words of one language by their tokens, and by the parts of compounds.

    Sets are cut with sets, which costs less than a look at each of the two thousand words that ten
    results have.
    """

    def __init__(self, code: str) -> None:
        self._code = code
        self._splits = splits(code)
        self._words: set[str] = set()
        self._by_token: defaultdict[str, set[str]] = defaultdict(set)
        self._by_part: defaultdict[str, set[str]] = defaultdict(set)

    def learn(self, words: Set[str]) -> None:
        """Take in those of the words that are new, but for runs of an unusual length."""
        for word in words - self._words:
            if len(word) > MAX_TOKEN:
                continue
            for token in word_tokens(word, self._code):
                self._by_token[token].add(word)
            if self._splits:
                for part in word_parts(word, self._code):
                    self._by_part[part].add(word)
            # At last: another thread that finds it here finds its tokens too.
            self._words.add(word)

    def holding(self, words: Set[str], tokens: Set[str]) -> set[str]:
        """Those of the words that hold one of the tokens."""
        self.learn(words)
        found = self._among(self._by_token, words, tokens)
        for word in words - self._words:
            # A run without spaces may be a page long: looked at, and not kept.
            if not tokens.isdisjoint(word_tokens(word, self._code)):
                found.add(word)
        return found

    def compounds_of(self, words: Set[str], parts: Collection[str]) -> set[str]:
        """Those of the words that are compounds of one of the parts."""
        self.learn(words)
        return self._among(self._by_part, words, parts)

    @staticmethod
    def _among(
        table: defaultdict[str, set[str]], words: Set[str], wanted: Collection[str]
    ) -> set[str]:
        # Not table[key]: a question must not fill the table.
        return {word for key in wanted if (of := table.get(key)) for word in words & of}

    @property
    def is_full(self) -> bool:
        """Whether so much was learned that it is time to begin anew."""
        return len(self._words) >= _MOST


_known: Final[dict[str, KnownWords]] = {}


def known_words(code: str) -> KnownWords:
    """What earlier texts of a language taught."""
    known = _known.get(code)
    if known is None or known.is_full:
        # A new one, and not an emptied one: another thread may still ask the old.
        known = _known[code] = KnownWords(code)
    return known
