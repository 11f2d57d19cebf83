"""Invented words in five languages, as rare and as common as real ones.

Invariant: a word's token is what the analyser makes of it, worked out once a word.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from coalitions.language import analyse

LANGUAGES: Final = ("en", "nl", "fr", "es", "ar")
VOCABULARY: Final = 20_000
_LATIN: Final = ("bcdfghklmnprstvwz", "aeiou")
_ARABIC: Final = ("بتجحدرسشعفقكلمنهي", "اوي")


@dataclass(frozen=True)
class Lexicon:
    """Words by rank, how often each is used, and their tokens."""

    language: str
    words: tuple[str, ...]
    weights: tuple[float, ...]
    tokens: dict[str, tuple[str, ...]]

    def text(self, chance: random.Random, length: int) -> list[str]:
        """So many words of a text."""
        return chance.choices(self.words, cum_weights=self.weights, k=length)

    def analysed(self, words: list[str]) -> list[str]:
        """The tokens of a text."""
        return [token for word in words for token in self.tokens[word]]


def lexicon(language: str, seed: int) -> Lexicon:
    """The words of one language; their frequencies fall as Zipf found."""
    chance = random.Random(seed)
    consonants, vowels = _ARABIC if language == "ar" else _LATIN
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        syllables = 2 + (len(found) > 200) + (chance.random() < 0.3)
        pairs = (chance.choice(consonants) + chance.choice(vowels) for _ in range(syllables))
        found.setdefault("".join(pairs) + chance.choice(consonants))
    weights = accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY))
    words = tuple(found)
    tokens = {word: tuple(analyse(word, language)) for word in words}
    return Lexicon(language, words, tuple(weights), tokens)


def lexicons() -> dict[str, Lexicon]:
    """All five."""
    return {language: lexicon(language, n) for n, language in enumerate(LANGUAGES)}
