"""Presentations, laid out with python-pptx: a title slide, then one slide per top heading.

A paragraph that begins with "Notes:" becomes the speaker's notes of its slide.
"""

from __future__ import annotations

import io
import math
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Length, Mm, Pt

from portal.demo.document_markup import (
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Quotation,
    Table,
    runs,
    sections,
)
from portal.demo.rendering import ACCENT, INK, QUIET, SHADE, Frame, steady_zip

WIDTH, HEIGHT, MARGIN = Mm(338.7), Mm(190.5), Mm(22)
TITLE_ONLY = 5
NOTES = "Notes:"
LETTERS = 88  # of one line at 18 points


def render(frame: Frame, blocks: tuple[Block, ...]) -> bytes:
    """The document as a presentation, sixteen by nine."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    properties = deck.core_properties
    properties.title, properties.author = frame.title, frame.organisation
    properties.comments, properties.language = frame.notice, frame.language
    properties.created = properties.modified = frame.instant
    properties.last_modified_by, properties.revision = frame.organisation, 1
    _title_slide(deck, frame)
    for title, content in sections(blocks):
        _slide(deck, frame, title, content)
    target = io.BytesIO()
    deck.save(target)
    return steady_zip(target.getvalue())


def _blank(deck: Deck, title: str, top: Length, height: Length, size: int, frame: Frame) -> Slide:
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(0), Emu(0), WIDTH, Mm(6))
    band.fill.solid()
    band.fill.fore_color.rgb = _colour(ACCENT)
    band.line.fill.background()
    heading = slide.shapes.title
    if heading is not None:
        heading.left, heading.top, heading.width, heading.height = (
            MARGIN, top, Emu(WIDTH - 2 * MARGIN), height,
        )  # fmt: skip
        _line(heading.text_frame, title, size, frame, first=True, bold=True, colour=ACCENT)
    return slide


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code)  # type: ignore[no-untyped-call, no-any-return]


def _title_slide(deck: Deck, frame: Frame) -> None:
    slide = _blank(deck, frame.title, Mm(52), Mm(50), 38, frame)
    box = slide.shapes.add_textbox(MARGIN, Mm(110), Emu(WIDTH - 2 * MARGIN), Mm(40)).text_frame
    box.word_wrap = True
    _line(box, f"{frame.organisation} · {frame.day}", 18, frame, first=True, colour=QUIET)
    _line(box, frame.notice, 14, frame, colour=QUIET)


def _slide(deck: Deck, frame: Frame, title: str, content: list[Block]) -> None:
    slide = _blank(deck, title, Mm(14), Mm(24), 28, frame)
    box = slide.shapes.add_textbox(MARGIN, Mm(42), Emu(WIDTH - 2 * MARGIN), Mm(120)).text_frame
    box.word_wrap = True
    first, height = True, 42
    for block in content:
        match block:
            case Table():
                _table(slide, block, Mm(height), frame)
                continue
            case Paragraph(text=text) if text.startswith(NOTES):
                notes = slide.notes_slide.notes_text_frame
                if notes is not None:
                    notes.text = text.removeprefix(NOTES).strip()
                continue
            case ListBlock(items=items, numbered=numbered):
                lines = [
                    f"{number}. {item}" if numbered else f"• {item}"
                    for number, item in enumerate(items, start=1)
                ]
            case Paragraph(text=text) | Quotation(text=text) | Heading(text=text):
                lines = [text]
            case _:
                lines = []
        for line in lines:
            _line(box, line, 18, frame, first=first)
            first = False
            height += 3 + 8 * math.ceil(len(line) / LETTERS)


def _line(
    box: TextFrame,
    text: str,
    size: int,
    frame: Frame,
    *,
    first: bool = False,
    bold: bool = False,
    colour: str = INK,
) -> None:
    paragraph = box.paragraphs[0] if first else box.add_paragraph()  # type: ignore[no-untyped-call]
    paragraph.space_after = Pt(8)
    properties = paragraph._p.get_or_add_pPr()
    properties.set("algn", "r" if frame.right_to_left else "l")
    if frame.right_to_left:
        properties.set("rtl", "1")
    for part in runs(text):
        run = paragraph.add_run()
        run.text = part.text
        run.font.size, run.font.bold, run.font.italic = Pt(size), bold or part.bold, part.italic
        run.font.color.rgb = _colour(colour)
        run._r.get_or_add_rPr().set("lang", frame.language)


def _table(slide: Slide, block: Table, top: Length, frame: Frame) -> None:
    rows = (block.header, *block.rows)
    shape = slide.shapes.add_table(
        len(rows), len(block.header), MARGIN, top, Emu(WIDTH - 2 * MARGIN), Mm(10 * len(rows))
    )
    grid = shape.table
    # The library leaves both optional, but a table that it has just made has them.
    style: Any = shape._element.graphic.graphicData.tbl.tblPr  # type: ignore[union-attr]
    if frame.right_to_left:
        style.set("rtl", "1")
    if (identifier := style.find(qn("a:tableStyleId"))) is not None:
        # "No style, table grid": the default would bring its own blue.
        identifier.text = "{5940675A-B579-460E-94D1-54222C63F5DA}"
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cell = grid.cell(row, column)
            _line(cell.text_frame, text, 14, frame, first=True, bold=row == 0)
            if row == 0:
                cell.fill.solid()  # type: ignore[no-untyped-call]
                cell.fill.fore_color.rgb = _colour(SHADE)
