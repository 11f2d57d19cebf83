"""What somebody typed, cut into words and phrases.

A `-` before a word excludes it; inside a word, a dash of any kind or a line below says no more
than a space does: "best-interests" asks what "best interests" asks. Where one thing is named it
stays whole, and is looked for as words in a row: beside OR, after a `-`, and where a part has
digits or is a single letter ("D-3F7K", "COVID-19", "e-mail"). Pure.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_QUOTES: Final = {ord(c): '"' for c in "“”„‟«»＂"}
PIECE: Final = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_DASHES: Final = re.compile("[-_\u058a\u05be\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
_OR: Final = "OR"


class Piece(NamedTuple):
    """A word or a phrase (`phrase`), and whether it is excluded (`minus`)."""

    text: str
    phrase: bool = False
    minus: bool = False

    @property
    def joins(self) -> bool:
        """Whether it is the OR between two alternatives."""
        return self.text == _OR and not self.phrase and not self.minus


def with_plain_quotes(text: str) -> str:
    """The text with quotation marks of one kind."""
    return text.translate(_QUOTES)


def pieces_of(text: str) -> list[Piece]:
    """The words and phrases of a text with plain quotation marks, in their order."""
    found = [
        Piece(m["word"] or m["phrase"] or "", m["phrase"] is not None, bool(m["minus"]))
        for m in PIECE.finditer(text)
    ]
    pieces: list[Piece] = []
    for place, piece in enumerate(found):
        beside = found[max(0, place - 1) : place + 2]
        whole = piece.phrase or piece.minus or any(other.joins for other in beside)
        pieces += [piece] if whole else map(Piece, _parts(piece.text))
    return pieces


def _parts(word: str) -> list[str]:
    """The words that dashes join, or the word itself where it names one thing."""
    parts = [part for part in _DASHES.split(word) if part]
    if len(parts) < 2 or _OR in parts or any(map(_names, parts)):
        return [word]
    return parts


def _names(part: str) -> bool:
    signs = [char for char in part if char.isalnum()]
    return len(signs) == 1 or any(char.isdigit() for char in signs)
