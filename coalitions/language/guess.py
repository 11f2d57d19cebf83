"""Which language a text is written in, told by script and function words.

Invariant: pure, never raises, and prefers "" (not known) to a weak guess.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from coalitions.language.characters import UNSPACED, WORD, fold
from coalitions.language.words import FUNCTION_WORDS, OTHER_FUNCTION_WORDS

SAMPLE: Final = 20_000
MIN_WORDS: Final = 4
MIN_SHARE: Final = 0.12

_SCRIPTS: Final = (
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
)
_ARABIC: Final = re.compile("[\u0620-\u064a]")
_NOT_ARABIC: Final = re.compile("[\u067e\u0686\u0698\u06af\u06ba\u06d2\u0679\u0688\u0691]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def guess_language(text: str) -> str:
    """A code such as "nl", or "" where the text does not tell."""
    sample = text[:SAMPLE]
    letters = len(_LETTER.findall(sample))
    if not letters:
        return ""
    arabic = len(_ARABIC.findall(sample))
    if arabic * 2 > letters:
        return "" if len(_NOT_ARABIC.findall(sample)) * 100 > arabic else "ar"
    for code, script in _SCRIPTS:
        # Japanese mixes in many Han characters: a fifth of kana is enough to tell.
        if len(script.findall(sample)) * (5 if code == "ja" else 2) > letters:
            return code
    if UNSPACED.search(sample) and len(UNSPACED.findall(sample)) * 2 > letters:
        return ""
    return _by_words(sample)


def _by_words(sample: str) -> str:
    words = [
        part
        for match in WORD.finditer(sample)
        for part in fold(match.group()[:64].replace("\u2019", "'")).split("'")
        if part.isalpha()
    ]
    if len(words) < MIN_WORDS:
        return ""
    counts = Counter(words)
    # A word that many languages share says little about each of them.
    lists = FUNCTION_WORDS | OTHER_FUNCTION_WORDS
    scores: Counter[str] = Counter()
    for word, count in counts.items():
        holders = [code for code, held in lists.items() if word in held]
        for code in holders:
            scores[code] += count * 12 // len(holders)
    best = scores.most_common(2)
    if not best or best[0][1] < MIN_SHARE * 12 * len(words):
        return ""
    if len(best) > 1 and best[1][1] * 10 > best[0][1] * 9:
        return ""
    return best[0][0] if best[0][0] in FUNCTION_WORDS else ""
