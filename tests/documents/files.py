"""Small files for tests, made here: whole, broken and hostile ones of every kind."""

import io
import zipfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

OOXML = "application/vnd.openxmlformats-officedocument."


def pdf(*pages: str, password: str = "") -> bytes:
    """Return a PDF with one line of text per page."""
    from reportlab.lib import pdfencrypt
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    lock = pdfencrypt.StandardEncryption(password, canPrint=0) if password else None
    sheet = canvas.Canvas(out, pagesize=(300, 400), encrypt=lock)
    for text in pages or ("A page about children.",):
        sheet.drawString(40, 300, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def docx(*paragraphs: str) -> bytes:
    """Return a Word file; a paragraph that begins with "# " is a heading."""
    from docx import Document

    document = Document()
    for text in paragraphs or ("A paragraph about children.",):
        if text.startswith("# "):
            document.add_heading(text[2:])
        else:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pptx(*slides: str, notes: str = "") -> bytes:
    """Return slides with a title each, and notes on the first."""
    from pptx import Presentation

    show = Presentation()
    for number, text in enumerate(slides or ("A slide",)):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = text
        if notes and number == 0:
            slide.notes_slide.notes_text_frame.text = notes
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def xlsx(**sheets: list[list[object]]) -> bytes:
    """Return a workbook with the named sheets."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"Sheet": [["Children", 3]]}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odf(kind: str, body: str, *, encrypted: bool = False) -> bytes:
    """Return an OpenDocument file of `kind` ("text", "presentation", "spreadsheet")."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (
            ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        )
    )  # fmt: skip
    inside = f"<office:body>{body}</office:body>"
    content = f"<office:document-content {names}>{inside}</office:document-content>"
    locked = "<m:encryption-data/>" if encrypted else ""
    manifest = f'<m:manifest xmlns:m="urn:x"><m:file-entry>{locked}</m:file-entry></m:manifest>'
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def archive(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive of `parts`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def office_bomb() -> bytes:
    """Return a small "Word file" that unpacks to 600 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            block = b" " * (1024 * 1024)
            for _ in range(600):
                part.write(block)
    return out.getvalue()


def with_entities() -> bytes:
    """Return a Word file whose text is an entity that names a file of this machine."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = (
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        f'<w:document xmlns:w="{w}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body>'
        "</w:document>"
    )
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": text})


def encrypted_office() -> bytes:
    """Return the beginning of what Office writes for a file with a password."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le")
    )


def png(width: int = 40, height: int = 30) -> bytes:
    """Return a picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def content(data: bytes) -> "ContentFile[bytes]":
    """Return `data` as the services take it."""
    return ContentFile(data)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    """Return `data` as a form field takes it."""
    return SimpleUploadedFile(name, data, content_type="application/octet-stream")


def real_files() -> list[Path]:
    """Return the real files for tests; none where they are absent."""
    import os

    root = Path(__file__).resolve().parents[2]
    shared = Path(os.environ.get("PORTAL_SHARED_DATA", str(root.parent / "shared" / "data")))
    folder = shared / "files"
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.name != "manifest.csv")
