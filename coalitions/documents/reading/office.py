"""Word, PowerPoint and Excel of 2007 and later."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coalitions.documents.reading.archives import local, open_archive, parsed
from coalitions.documents.reading.sections import sections, sheets

_HEADING = re.compile(r"heading|title|titre|t[íi]tulo|kop|berschrift|titel", re.I)
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n"}
_MAX_CELLS = 2_000_000


def pages(source: Path, media_type: str) -> Iterator[tuple[str, str]]:
    """Yield (anchor, text) of the sections, slides or sheets of the file."""
    archive = open_archive(source)
    archive.close()
    if "presentationml" in media_type:
        yield from _slides(source)
    elif "spreadsheetml" in media_type:
        yield from _sheets(source)
    else:
        for text in sections(_paragraphs(source)):
            yield "section", text


def _paragraphs(source: Path) -> Iterator[tuple[str, bool]]:
    with open_archive(source) as archive:
        for part in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if part not in archive.namelist():
                continue
            root = parsed(archive, part)
            for child in root if local(root) != "document" else root[0]:
                if local(child) == "p":
                    yield _text_of(child), _is_heading(child)
                else:
                    yield _text_of(child), False


def _is_heading(paragraph: Any) -> bool:
    for element in paragraph.iter():
        name = local(element)
        if name == "outlineLvl":
            return True
        if name == "pStyle":
            return any(_HEADING.search(value) for value in element.attrib.values())
        if name == "r":
            return False
    return False


def _text_of(block: Any) -> str:
    """Return the words of a paragraph or table; each paragraph in it ends its line."""
    out: list[str] = []
    _collect(block, out)
    return "".join(out)


def _collect(element: Any, out: list[str]) -> None:
    name = local(element)
    if name == "t":
        out.append(element.text or "")
    elif name in _BREAKS:
        out.append(_BREAKS[name])
    elif name not in {"Fallback", "pPr", "rPr"}:
        for child in element:
            _collect(child, out)
        if name == "p":
            out.append("\n")
        elif name == "tc" and out and out[-1] == "\n":
            out[-1] = "\t"
        elif name == "tr":
            out.append("\n")


def _slides(source: Path) -> Iterator[tuple[str, str]]:
    from pptx import Presentation

    for slide in Presentation(str(source)).slides:
        parts = list(_shapes(slide.shapes))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            parts.append(slide.notes_slide.notes_text_frame.text)
        yield "slide", "\n\n".join(part.replace("\x0b", "\n") for part in parts if part.strip())


def _shapes(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        elif getattr(shape, "has_table", False) and shape.has_table:
            for row in shape.table.rows:
                yield "\t".join(cell.text for cell in row.cells)
        elif getattr(shape, "has_text_frame", False) and shape.has_text_frame:
            yield shape.text_frame.text


def _sheets(source: Path) -> Iterator[tuple[str, str]]:
    from openpyxl import load_workbook

    # Opened here: given a path, openpyxl goes by the name's ending, and stored files have none.
    with source.open("rb") as file:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        yield from sheets(_sheets_of(book))


def _sheets_of(book: Any) -> Iterator[tuple[str, Iterator[str]]]:
    cells = 0

    def rows_of(sheet: Any) -> Iterator[str]:
        nonlocal cells
        # What the file says about its own size may be anything.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            cells += len(row)
            if cells > _MAX_CELLS:
                raise MemoryError
            yield "\t".join(str(value) for value in row if value is not None and str(value).strip())

    for sheet in book.worksheets:
        yield sheet.title, rows_of(sheet)
