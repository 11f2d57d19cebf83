"""Stems of folded words, one Snowball stemmer per language and thread.

Invariant: `stem` never raises, never returns an empty string for a word that is not empty,
and returns the word itself in languages without a stemmer.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any, Final

import Stemmer

MAX_TOKEN: Final = 64

# `dutch` of Snowball stems "gezondheid" to "zon"; `dutch_porter` does not.
ALGORITHMS: Final[dict[str, str]] = {
    "en": "english",
    "nl": "dutch_porter",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "de": "german",
    "ar": "arabic",
}
LANGUAGES: Final[tuple[str, ...]] = tuple(ALGORITHMS)
PLAIN: Final = ""

# Snowball's Arabic stemmer leaves joined articles ("and the", "for the"), "and", and the plural
# in -at, and takes a final ta marbuta (folded to ha) for a pronoun: helped before it begins.
_ARABIC_ARTICLE: Final = re.compile(r"\A[وف]?(?:[بك]?ال|لل)(?=\w{3})")
_ARABIC_AND: Final = re.compile(r"\Aو(?=\w{4})")
_ARABIC_ENDING: Final = re.compile(r"(?<=\w{3})ات\Z|(?<=\w{2})ه\Z")

# Plurals in -eren, which Snowball leaves; "kinder" is also how compounds begin.
_DUTCH_EREN: Final = {
    form: word
    for word, forms in (
        ("kind", "kinder kinderen kinders"),
        ("ei", "eier eieren"),
        ("blad", "blader bladeren"),
        ("goed", "goederen"),
        ("lied", "lieder liederen"),
        ("volk", "volkeren"),
        ("kalf", "kalver kalveren"),
        ("lam", "lammeren"),
        ("rund", "runder runderen"),
        ("kleed", "klederen"),
        ("been", "beenderen"),
        ("rad", "raderen"),
        ("gemoed", "gemoederen"),
        ("hoen", "hoenderen"),
    )
    for form in forms.split()
}

_local = threading.local()


def language_code(code: str | None) -> str:
    """The stemmer's language for a code such as "pt-br", or PLAIN if there is none."""
    primary = (code or "").replace("_", "-").split("-", 1)[0].lower()
    return primary if primary in ALGORITHMS else PLAIN


def _stemmer(language: str) -> Any:
    # A Stemmer object is not safe to share between threads.
    stemmers: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)
    return stemmers[language]


def _prepare_arabic(word: str) -> str:
    word = _ARABIC_AND.sub("", _ARABIC_ARTICLE.sub("", word))
    return _ARABIC_ENDING.sub("ة", word)


@lru_cache(maxsize=262_144)
def stem(word: str, language: str) -> str:
    """The stem of a folded word, cut at 64 characters."""
    if language and not word.isdigit():
        if language == "ar":
            word = _prepare_arabic(word)
        elif language == "nl":
            word = _DUTCH_EREN.get(word, word)
        word = _stemmer(language).stemWord(word[: 2 * MAX_TOKEN]) or word
    return word[:MAX_TOKEN]
