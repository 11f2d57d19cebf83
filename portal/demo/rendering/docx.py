"""Word documents, laid out with python-docx; right to left where the language asks for it."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from portal.demo.document_markup import (
    Block,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Quotation,
    Table,
    plain,
    runs,
)
from portal.demo.rendering import ACCENT, INK, QUIET, SHADE, Frame, steady_zip

SANS, SERIF, ARABIC = "Noto Sans", "Noto Serif", "Noto Naskh Arabic"


def render(frame: Frame, blocks: tuple[Block, ...]) -> bytes:
    """The document as a Word file with a title block and numbered pages."""
    word = Document()
    _set_up(word, frame)
    _title_block(word, frame)
    for block in blocks:
        _add(word, frame, block)
    target = io.BytesIO()
    word.save(target)
    return steady_zip(target.getvalue())


def _set_up(word: WordDocument, frame: Frame) -> None:
    properties = word.core_properties
    properties.title, properties.author = frame.title, frame.organisation
    properties.comments, properties.language = frame.notice, frame.language
    properties.created = properties.modified = frame.instant
    properties.last_modified_by, properties.revision = frame.organisation, 1
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(27)
    section.top_margin = section.bottom_margin = Mm(24)
    _font(word, "Normal", SANS, 11, INK)
    word.styles["Normal"].paragraph_format.space_after = Pt(8)
    word.styles["Normal"].paragraph_format.line_spacing = 1.35
    _font(word, "Title", SERIF, 24, ACCENT)
    for level, size in ((1, 16), (2, 13), (3, 11)):
        _font(word, f"Heading {level}", SERIF if level == 1 else SANS, size, INK)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _page_number(footer)


def _font(word: WordDocument, style: str, face: str, size: int, colour: str) -> None:
    font = word.styles[style].font
    font.name, font.size, font.color.rgb = face, Pt(size), RGBColor.from_string(colour)
    faces = word.styles[style].element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
    faces.set(qn("w:hAnsi"), face)
    faces.set(qn("w:cs"), ARABIC)


def _page_number(paragraph: WordParagraph) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _title_block(word: WordDocument, frame: Frame) -> None:
    _fill(word.add_paragraph(style="Title"), frame, frame.title)
    for line in (f"{frame.organisation} · {frame.day}", frame.notice):
        paragraph = _fill(word.add_paragraph(), frame, line)
        for run in paragraph.runs:
            run.font.size, run.font.color.rgb = Pt(9.5), RGBColor.from_string(QUIET)


def _add(word: WordDocument, frame: Frame, block: Block) -> None:
    match block:
        case PageBreak():
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case Heading(level=level, text=text):
            _fill(word.add_heading(level=level), frame, text)
        case Quotation(text=text):
            _fill(word.add_paragraph(style="Intense Quote"), frame, text)
        case ListBlock(items=items, numbered=numbered):
            for number, item in enumerate(items, start=1):
                # The numbers are written out: Word's own would run on from list to list.
                text = f"{number}. {item}" if numbered else item
                style = "List Paragraph" if numbered else "List Bullet"
                _fill(word.add_paragraph(style=style), frame, text)
        case Table():
            _table(word, frame, block)
        case Paragraph(text=text):
            _fill(word.add_paragraph(), frame, text)


def _table(word: WordDocument, frame: Frame, block: Table) -> None:
    table = word.add_table(rows=0, cols=len(block.header), style="Table Grid")
    if frame.right_to_left:
        # Word is strict about the order here: right after the style.
        table._tbl.tblPr.insert(1, OxmlElement("w:bidiVisual"))
    for number, row in enumerate((block.header, *block.rows)):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            paragraph = _fill(cell.paragraphs[0], frame, text)
            paragraph.paragraph_format.space_after = Pt(2)
            for run in paragraph.runs:
                run.font.size = Pt(9.5)
                run.bold = True if number == 0 else run.bold
            if number == 0:
                shade = OxmlElement("w:shd")
                shade.set(qn("w:val"), "clear")
                shade.set(qn("w:fill"), SHADE)
                cell._tc.get_or_add_tcPr().append(shade)
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    word.add_paragraph()


def _fill(paragraph: WordParagraph, frame: Frame, text: str) -> WordParagraph:
    for part in runs(text) or [*runs(plain(text))]:
        run = paragraph.add_run(part.text)
        run.bold, run.italic = part.bold or None, part.italic or None
        if frame.right_to_left:
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
    if frame.right_to_left:
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
            "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:rPr", "w:sectPr",
        )  # fmt: skip
    return paragraph
