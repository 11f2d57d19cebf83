"""PDFs with words at known places, for tests of marks on pages."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

WIDE, HIGH = 300, 400
SIZE = 12.0
ARABIC = Path("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf")
Line = tuple[float, float, str]


def sheet(
    *lines: Line, prepare: Callable[[canvas.Canvas], None] | None = None, turn: int = 0
) -> bytes:
    """Return a PDF of one page with each line's beginning at its place, in Helvetica 12."""
    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=(WIDE, HIGH))
    made.setFont("Helvetica", SIZE)
    if prepare is not None:
        prepare(made)
    for across, up, text in lines:
        made.drawString(across, up, text)
    made.showPage()
    made.save()
    return turned(out.getvalue(), turn) if turn else out.getvalue()


def turned(data: bytes, turn: int) -> bytes:
    """Return the PDF with its page shown `turn` degrees to the right."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(data) as document:
        document[0].set_rotation(turn)
        document.save(out)
    return out.getvalue()


def wide(text: str) -> float:
    """Return how wide the text is in points."""
    return float(pdfmetrics.stringWidth(text, "Helvetica", SIZE))


def in_arabic(made: canvas.Canvas) -> None:
    """Write with a font that holds Arabic."""
    pdfmetrics.registerFont(TTFont("Arabic", str(ARABIC)))
    made.setFont("Arabic", SIZE)
