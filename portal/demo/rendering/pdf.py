"""PDF with a real text layer, laid out with reportlab in subsets of Noto Sans and Noto Serif.

Latin scripts only: the fonts carry no Arabic, and Arabic would need shaping.
"""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    HRFlowable,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Frame as TextFrame
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from portal.demo.document_markup import (
    Block,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Quotation,
    Table,
    runs,
)
from portal.demo.rendering import ACCENT, INK, QUIET, RULE, SHADE, Frame

FONTS = Path(__file__).parent / "fonts"
SANS, BOLD, ITALIC, SERIF = "DemoSans", "DemoSans-Bold", "DemoSans-Italic", "DemoSerif-Bold"
MARGIN = 27 * mm
WIDTH = A4[0] - 2 * MARGIN


@functools.cache
def _register_fonts() -> None:
    for name, file in (
        (SANS, "NotoSans-Regular.ttf"),
        (BOLD, "NotoSans-Bold.ttf"),
        (ITALIC, "NotoSans-Italic.ttf"),
        (SERIF, "NotoSerif-Bold.ttf"),
    ):
        pdfmetrics.registerFont(TTFont(name, FONTS / file))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    settings: dict[str, Any] = {
        "fontName": SANS,
        "textColor": HexColor(f"#{INK}"),
        "alignment": TA_LEFT,
        "spaceAfter": 7,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **(settings | more))


BODY = _style("body", 10.8, 16.6, spaceAfter=8)
ITEM = _style(
    "item", 10.8, 16.2, leftIndent=7 * mm, spaceAfter=4, bulletFontName=SANS, bulletFontSize=10.8
)
CELL = _style("cell", 9.2, 12.6, spaceAfter=0)
HEAD_CELL = _style("head-cell", 9.2, 12.6, spaceAfter=0, fontName=BOLD)
QUOTE = _style(
    "quote", 11.2, 17, leftIndent=8 * mm, rightIndent=6 * mm, fontName=ITALIC, spaceBefore=4
)
TITLE = _style("title", 25, 31, fontName=SERIF, spaceAfter=6, textColor=HexColor(f"#{ACCENT}"))
QUIET_LINE = _style("quiet", 9.4, 13, textColor=HexColor(f"#{QUIET}"), spaceAfter=3)
HEADINGS = {
    1: _style("h1", 16, 21, fontName=SERIF, spaceBefore=15, spaceAfter=7, keepWithNext=1),
    2: _style("h2", 12.4, 17, fontName=BOLD, spaceBefore=9, spaceAfter=5, keepWithNext=1),
    3: _style("h3", 10.8, 15, fontName=BOLD, spaceBefore=6, spaceAfter=3, keepWithNext=1),
}


def render(frame: Frame, blocks: tuple[Block, ...]) -> bytes:
    """The document as a PDF of A4 pages with a title block and numbered pages."""
    _register_fonts()
    target = io.BytesIO()
    template = BaseDocTemplate(
        target,
        pagesize=A4,
        invariant=1,
        title=frame.title,
        author=frame.organisation,
        subject=frame.notice,
        lang=frame.language,
        creator="Demonstration network",
    )
    area = TextFrame(
        MARGIN, 24 * mm, WIDTH, A4[1] - 48 * mm, leftPadding=0, rightPadding=0, id="text"
    )
    template.addPageTemplates(
        PageTemplate(id="page", frames=[area], onPageEnd=functools.partial(_footer, frame))
    )
    story = _title_block(frame)
    for block in blocks:
        story.extend(_flowables(block))
    template.build(story)
    return target.getvalue()


def _footer(frame: Frame, canvas: Canvas, template: BaseDocTemplate) -> None:
    canvas.saveState()
    canvas.setStrokeColor(HexColor(f"#{RULE}"))
    canvas.line(MARGIN, 18 * mm, A4[0] - MARGIN, 18 * mm)
    canvas.setFillColor(HexColor(f"#{QUIET}"))
    canvas.setFont(SANS, 8.4)
    title = frame.title if len(frame.title) <= 70 else f"{frame.title[:69]}…"
    canvas.drawString(MARGIN, 13.5 * mm, title)
    canvas.drawRightString(A4[0] - MARGIN, 13.5 * mm, str(template.page))
    canvas.restoreState()


def _title_block(frame: Frame) -> list[Flowable]:
    return [
        Spacer(1, 10 * mm),
        Text(escape(frame.title), TITLE),
        Text(escape(f"{frame.organisation} · {frame.day}"), QUIET_LINE),
        Text(escape(frame.notice), QUIET_LINE),
        HRFlowable(width="100%", color=HexColor(f"#{ACCENT}"), thickness=1.2, spaceAfter=14),
    ]


def _flowables(block: Block) -> list[Flowable]:
    match block:
        case PageBreak():
            return [NewPage()]
        case Heading(level=level, text=text):
            return [Text(_markup(text), HEADINGS[level])]
        case Quotation(text=text):
            return [Text(_markup(text), QUOTE)]
        case ListBlock(items=items, numbered=numbered):
            return [*_list(items, numbered), Spacer(1, 5)]
        case Table(header=header, rows=rows):
            return [_grid(header, rows), Spacer(1, 11)]
        case Paragraph(text=text):
            return [Text(_markup(text), BODY)]


def _markup(text: str) -> str:
    parts = []
    for run in runs(text):
        part = escape(run.text)
        part = f"<b>{part}</b>" if run.bold else part
        parts.append(f"<i>{part}</i>" if run.italic else part)
    return "".join(parts)


def _list(items: tuple[str, ...], numbered: bool) -> list[Flowable]:
    return [
        Text(_markup(item), ITEM, bulletText=f"{number}." if numbered else "•")
        for number, item in enumerate(items, start=1)
    ]


def _grid(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    cells = [[Text(_markup(cell), HEAD_CELL) for cell in header]]
    cells += [[Text(_markup(cell), CELL) for cell in row] for row in rows]
    return Grid(
        cells,
        colWidths=_widths(header, rows),
        repeatRows=1,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(f"#{SHADE}")),
            ("LINEBELOW", (0, 0), (-1, -1), 0.6, HexColor(f"#{RULE}")),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ],
    )


def _widths(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """Columns wide enough for their longest word; the rest in proportion to what they hold."""
    least, wanted = [], []
    for column in range(len(header)):
        texts = [row[column] for row in (header, *rows)]
        words = [word for text in texts for word in text.split()] or [""]
        least.append(max(pdfmetrics.stringWidth(word, BOLD, 9.2) for word in words) + 13)
        wanted.append(min(42, max(len(text) for text in texts)))
    spare = max(0.0, WIDTH - sum(least))
    return [low + spare * share / sum(wanted) for low, share in zip(least, wanted, strict=True)]
