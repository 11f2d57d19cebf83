"""PDF: the letters of one page, each with its place on the page's picture.

Invariant: the text is what `pdf.pages` gives for the page, and there is one place, or none, for
each of its characters. Places are whole numbers of which `UNIT` make the picture's width, counted
from its upper left corner, as the page is turned and cropped.
"""

import ctypes
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from coalitions.documents.reading.limits import MAX_LETTERS, Unreadable
from coalitions.documents.reading.pdf import opened
from coalitions.documents.reading.signs import signs

UNIT = 10_000
# PDFium answers in whole numbers: ask for finer ones than are told.
FINER = 100
MAX_RATIO = 50

Place = tuple[int, int, int, int]
Sides = tuple[float, float, float, float]
Move = Callable[[float, float], tuple[float, float]]


def letters(source: Path, page: int) -> dict[str, object]:
    """Return {"text": …, "places": [[left, top, right, bottom] or null, …], "height": n}."""
    document = opened(source)
    if not 1 <= page <= len(document):
        raise Unreadable("no-page")
    sheet = document[page - 1]
    across, down = sheet.get_size()
    if across < 1 or down < 1 or not 1 / MAX_RATIO <= down / across <= MAX_RATIO:
        raise Unreadable("broken")
    height = round(UNIT * down / across)
    text_page = sheet.get_textpage()
    if text_page.count_chars() > MAX_LETTERS:
        raise Unreadable("too-large")
    move = _move(sheet, height)
    found = signs(text_page)
    return {
        "text": "".join(sign for sign, _ in found),
        "places": [
            None if sign.isspace() else _place(text_page, index, move, height)
            for sign, index in found
        ],
        "height": height,
    }


def _move(sheet: Any, height: int) -> Move:
    """Return what takes a point of the page to its picture."""
    x, y = ctypes.c_int(), ctypes.c_int()

    def asked(across: float, up: float) -> tuple[float, float]:
        size = (UNIT * FINER, height * FINER)
        pdfium.FPDF_PageToDevice(sheet, 0, 0, *size, 0, across, up, x, y)
        return x.value / FINER, y.value / FINER

    left, bottom, right, top = sheet.get_bbox()
    zero_x, zero_y = asked(left, bottom)
    right_x, right_y = asked(right, bottom)
    top_x, top_y = asked(left, top)

    def move(point_x: float, point_y: float) -> tuple[float, float]:
        across, up = (point_x - left) / (right - left), (point_y - bottom) / (top - bottom)
        return (
            zero_x + across * (right_x - zero_x) + up * (top_x - zero_x),
            zero_y + across * (right_y - zero_y) + up * (top_y - zero_y),
        )

    return move


def _place(text_page: Any, index: int, move: Move, height: int) -> Place | None:
    """Return where the letter stands; None for one outside the page or without a place."""
    try:
        ink = text_page.get_charbox(index)
        line = text_page.get_charbox(index, loose=True)
    except pypdfium2.PdfiumError:
        return None
    left, bottom, right, top = line if _holds(line, ink) else ink
    if not all(isfinite(side) for side in (left, bottom, right, top)):
        return None
    (x1, y1), (x2, y2) = move(left, bottom), move(right, top)
    x1, x2 = (round(min(max(x, 0), UNIT)) for x in sorted((x1, x2)))
    y1, y2 = (round(min(max(y, 0), height)) for y in sorted((y1, y2)))
    return (x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None


def _holds(line: Sides, ink: Sides) -> bool:
    """Whether the box as high as the line is one: turned writing has none."""
    wide, high = abs(line[2] - line[0]), abs(line[3] - line[1])
    return wide * 2 > abs(ink[2] - ink[0]) and high * 1.2 > abs(ink[3] - ink[1])
