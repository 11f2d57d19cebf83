"""The characters of a PDF's page in their order, each with its number among PDFium's.

Invariant: what parts a word at a line's end is left out; a word that is written from right to left
is given in the order in which it is read.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

# PDFium writes U+0002 or U+FFFE where a word is parted at the end of a line.
PARTED = re.compile("[\x02\ufffe\u00ad]\\s*")
# Letters of Hebrew, Arabic and their neighbours, without digits and punctuation.
LEFTWARD = re.compile(
    "[\u05d0-\u05f2\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u08ff"
    "\ufb1d-\ufdff\ufe70-\ufefc]{2,}"
)
# Less than this many points apart, two letters stand above each other.
ABOVE = 0.1

Sign = tuple[str, int]


def text_of(text_page: Any) -> str:
    """Return the page's text."""
    text: str = text_page.get_text_range()
    if LEFTWARD.search(text):
        return "".join(sign for sign, _ in signs(text_page))
    return PARTED.sub("", text.replace("\r\n", "\n"))


def signs(text_page: Any) -> list[Sign]:
    """Return the characters of the page's text."""
    return list(_without_parted(in_reading_order(list(_listed(text_page)), text_page)))


def _listed(text_page: Any) -> Iterator[Sign]:
    for index in range(text_page.count_chars()):
        # What PDFium knows of but leaves out of the text is no sign of it.
        if pdfium.FPDFText_GetTextIndexFromCharIndex(text_page, index) >= 0:
            yield chr(pdfium.FPDFText_GetUnicode(text_page, index)), index


def in_reading_order(found: list[Sign], text_page: Any) -> list[Sign]:
    """Turn the words round that PDFium gives from their left end: some programs write them so."""
    turned = list(found)
    for word in LEFTWARD.finditer("".join(sign for sign, _ in found)):
        letters = found[word.start() : word.end()]
        middles = [middle for _, index in letters if (middle := _middle(text_page, index))]
        steps = [after - before for before, after in pairwise(middles)]
        rightward = sum(step > ABOVE for step in steps)
        if rightward > sum(step < -ABOVE for step in steps):
            turned[word.start() : word.end()] = reversed(letters)
    return turned


def _middle(text_page: Any, index: int) -> float | None:
    try:
        left, _, right, _ = text_page.get_charbox(index)
    except pypdfium2.PdfiumError:
        return None
    return float(left + right) / 2


def _without_parted(found: list[Sign]) -> Iterator[Sign]:
    """Leave out what parts a word at a line's end, and one of the two signs that end a line."""
    found = [
        sign for sign, after in pairwise([*found, ("", -1)]) if (sign[0], after[0]) != ("\r", "\n")
    ]
    position = 0
    for gap in PARTED.finditer("".join(sign for sign, _ in found)):
        yield from found[position : gap.start()]
        position = gap.end()
    yield from found[position:]
