"""Stems of folded words: one Snowball stemmer per language and thread, our own for Arabic.

Invariant: `stem` never raises, never returns an empty string for a word that is not empty,
and returns the word itself in languages without a stemmer.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, Final

import Stemmer

from coalitions.language.arabic import arabic_readings, arabic_stem
from coalitions.language.characters import fold
from coalitions.language.forms import joined, prepared

MAX_TOKEN: Final = 64

# `dutch` of Snowball stems "gezondheid" to "zon"; `dutch_porter` does not.
ALGORITHMS: Final[dict[str, str]] = {
    "en": "english",
    "nl": "dutch_porter",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "de": "german",
}
ARABIC: Final = "ar"
LANGUAGES: Final[tuple[str, ...]] = (*ALGORITHMS, ARABIC)
PLAIN: Final = ""

_local = threading.local()


def language_code(code: str | None) -> str:
    """The stemmer's language for a code such as "pt-br", or PLAIN if there is none."""
    primary = (code or "").replace("_", "-").split("-", 1)[0].lower()
    return primary if primary in LANGUAGES else PLAIN


def _stemmer(language: str) -> Any:
    # A Stemmer object is not safe to share between threads.
    stemmers: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)
    return stemmers[language]


@lru_cache(maxsize=262_144)
def stem(word: str, language: str) -> str:
    """The stem of a folded word, cut at 64 characters."""
    if language == ARABIC:
        word = arabic_stem(word)
    elif language and not word.isdigit():
        told = prepared(word[: 2 * MAX_TOKEN], language)
        # What was told with accents is folded again, like every token.
        word = joined(fold(_stemmer(language).stemWord(told)), language) or word
    return word[:MAX_TOKEN]


def stem_readings(word: str, language: str) -> tuple[str, ...]:
    """The stems that a folded word may have, the usual one first; to recognise names by."""
    if language == ARABIC:
        return tuple(found[:MAX_TOKEN] for found in arabic_readings(word))
    return (stem(word, language),)
