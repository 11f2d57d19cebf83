"""PDF: the text of each page, and a page as a picture, through PDFium."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw

from coalitions.documents.reading.limits import MAX_PAGES, Unreadable
from coalitions.documents.reading.pictures import save
from coalitions.documents.reading.signs import text_of


def opened(source: Path) -> Any:
    """Return the document; Unreadable when it is locked or broken."""
    try:
        return pypdfium2.PdfDocument(str(source))
    except pypdfium2.PdfiumError as error:
        locked = pypdfium2.raw.FPDF_ERR_PASSWORD
        if getattr(error, "err_code", None) == locked or "password" in str(error).lower():
            raise Unreadable("encrypted") from error
        raise Unreadable("broken") from error


def pages(source: Path, media_type: str) -> Iterator[tuple[str, str]]:
    """Yield ("page", text) for every page; a page that cannot be read is empty."""
    document = opened(source)
    if len(document) > MAX_PAGES:
        raise Unreadable("too-large", len(document))
    if not len(document):
        raise Unreadable("broken")
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
            text = text_of(text_page)
            text_page.close()
            page.close()
        except pypdfium2.PdfiumError:
            text = ""
        yield "page", text


def picture(source: Path, result: Path, page: int, width: int) -> None:
    """Write page number `page`, from 1, to `result`, `width` pixels wide at most."""
    document = opened(source)
    if not 1 <= page <= len(document):
        raise Unreadable("no-page")
    sheet = document[page - 1]
    across, down = sheet.get_size()
    if across < 1 or down < 1:
        raise Unreadable("broken")
    scale = min(width / across, 3 * width / down)
    save(sheet.render(scale=scale).to_pil(), result)
