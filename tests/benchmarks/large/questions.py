"""What is asked: words of five languages, from common to rare, each question the same every run."""

from __future__ import annotations

import random

from tests.benchmarks.large.words import LANGUAGES, Lexicon

# The most common words are those that no question is about.
COMMON, RARE = 60, 12_000


def questions(lexicons: dict[str, Lexicon], count: int, seed: int = 1989) -> list[str]:
    """Questions of one to four words."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        words = lexicons[LANGUAGES[number % len(LANGUAGES)]].words
        asked = (
            words[min(int(COMMON * (RARE / COMMON) ** chance.random()), RARE)]
            for _ in range(chance.choice((1, 2, 2, 3, 4)))
        )
        found.append(" ".join(asked))
    return found
