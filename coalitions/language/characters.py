"""Characters: which belong to words, which are noise, and how each is folded.

Invariant: `fold` is idempotent and its result holds no control characters, no lone
surrogates, no capitals and no accents of the alphabetic scripts. Vowel signs of scripts that
need them (Devanagari, Thai, Khmer …) are letters to us and stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

# Marks that decorate a letter without making another word of it: combining accents, Arabic
# harakat and Koranic signs, Hebrew points. Other scripts write vowels this way, so keep theirs.
_DROPPED_MARKS: Final = (
    (0x0300, 0x036F),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08D3, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)

# Written without spaces: cut into pairs of characters instead of words.
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)

_LETTERS: Final = {
    "ς": "σ",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    # Arabic letter forms that writers exchange freely, and their Persian twins
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ة": "ه",
    "ک": "ك",
    "ـ": "",  # tatweel only stretches the line
}
_TRANSLATION: Final = str.maketrans(_LETTERS)

APOSTROPHES: Final = "'\u2019\u02bc\u2018\u201b\uff07"


def _char_class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)


def _category_ranges(*categories: str) -> tuple[tuple[int, int], ...]:
    """Ranges of code points of these general categories (planes 0, 1 and 14)."""
    ranges: list[tuple[int, int]] = []
    for first, last in ((0x80, 0x1FFFF), (0xE0000, 0xE01EF)):
        start = -1
        for code in range(first, last + 2):
            inside = code <= last and unicodedata.category(chr(code)) in categories
            if inside and start < 0:
                start = code
            elif not inside and start >= 0:
                ranges.append((start, code - 1))
                start = -1
    return tuple(ranges)


# Invisible inside words: NUL and other controls (not white space), format characters such as
# soft hyphens and joiners, lone surrogates, and the two that no XML may hold.
_CONTROL: Final = "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufffe\\uffff"
_NOISE: Final = _CONTROL.replace("\\x1f", "\\x1b") + _char_class(_category_ranges("Cf"))
_MARKS: Final = _char_class(_category_ranges("Mn", "Mc", "Me"))
_CONTROLS: Final = re.compile(f"[{_CONTROL}]+")
NOISE = re.compile(f"[{_NOISE}]+")
# A space ends most words: said first, it spares the look through the long classes.
WORD = re.compile(
    rf"[^\W_]+(?:(?! )(?:[{_MARKS}{_NOISE}]|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*",
)
UNSPACED = re.compile(f"[{_char_class(_UNSPACED)}]")
UNSPACED_RUN = re.compile(f"[{_char_class(_UNSPACED)}][{_char_class(_UNSPACED)}{_NOISE}]*")
_DROPPED = re.compile(f"[{_char_class(_DROPPED_MARKS)}]+")
_SIMPLE = re.compile(r"[a-z0-9 ]*\Z")
_FOLDED_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|'(?=[^\W_]))*")


def clean(text: str) -> str:
    """The text without NUL, other control characters (white space stays) and lone surrogates.

    Format characters stay: joiners and direction marks belong to correct writing.
    """
    if text.isprintable():
        return text
    return _CONTROLS.sub("", text)


def has_signs(text: str) -> bool:
    """Whether anything of the text can be seen: a letter, a digit, a sign of any script."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


@cache
def _decimal(char: str) -> str:
    return str(unicodedata.decimal(char))


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFKD", text)
    text = _DROPPED.sub("", text).translate(_TRANSLATION)
    text = "".join(_decimal(c) if c.isdecimal() and c > "9" else c for c in text)
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=65_536)
def _fold_cached(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    text = NOISE.sub("", text)
    for _ in range(6):
        folded = NOISE.sub("", _fold_once(text))
        if folded == text:
            break
        text = folded
    return text


def fold(text: str) -> str:
    """Compatibility form, no noise, case and accents folded, Arabic letter forms made one."""
    if _SIMPLE.match(text):
        return text
    return _fold_cached(text) if len(text) <= 64 else _fold(text)


def words_of_folded(folded: str) -> list[str]:
    """Folding may open a ligature into several words: cut them again."""
    return _FOLDED_WORD.findall(folded)
