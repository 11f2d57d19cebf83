"""What a file is, told from its content.

Invariant: reads a bounded part of the file, whatever it claims, and never unpacks an archive.
The name decides only among text, Markdown and CSV, which no content tells apart.
"""

import codecs
import re
import zipfile
from pathlib import PurePath
from typing import IO

import filetype

from coalitions.documents import media_types as kinds
from coalitions.documents.media_types import MediaKind
from coalitions.documents.refusals import FileRefused

HEAD = 64 * 1024
_MANIFEST_LIMIT = 1024 * 1024
_ENTRIES_LIMIT = 20_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OOXML_PARTS = (("word/", kinds.DOCX), ("ppt/", kinds.PPTX), ("xl/", kinds.XLSX))
_ODF_KINDS = {kind.media_type.encode(): kind for kind in (kinds.ODT, kinds.ODP, kinds.ODS)}
_IMAGES = {kind.media_type: kind for kind in (kinds.JPEG, kinds.PNG, kinds.WEBP)}
_MARKUP_START = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<((?:!doctype\s+html)|!?[a-z][\w:-]*)", re.I | re.S
)
_HTML_ROOTS = {"!doctype html", "html", "head", "body"}
_HTML_PARTS = {"meta", "title", "div", "p", "h1", "h2", "table", "article", "section", "span"}


def kind_of_file(file: IO[bytes], name: str) -> MediaKind:
    """Return what `file` is; raise FileRefused when it is nothing that the portal keeps."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise FileRefused("empty")
    guess = filetype.guess(head)
    if guess is not None and guess.mime in _IMAGES:  # whatever else it says in a comment
        return _IMAGES[guess.mime]
    if b"%PDF-" in head[:1024]:
        return kinds.PDF
    if head.startswith(_OLE):
        return _old_office(file)
    if head.startswith(b"PK\x03\x04"):
        return _archive(file, head)
    if guess is not None:
        raise FileRefused("type")
    return _text(head, name)


def ending_of(name: str) -> str:
    """Return the ending of a file name, in lower case, with its dot."""
    return PurePath(name).suffix.lower()


def name_for(name: str, kind: MediaKind) -> str:
    """Return `name`, with the right ending added when its own would mislead whoever opens it."""
    if ending_of(name) in kind.endings:
        return name
    ending = kind.endings[0]
    return name[: 255 - len(ending)] + ending


def _old_office(file: IO[bytes]) -> MediaKind:
    """Tell an encrypted Office file, which is kept, from the formats of before 2007."""
    file.seek(0)
    tail = b""
    for chunk in iter(lambda: file.read(1024 * 1024), b""):
        if _ENCRYPTED_PACKAGE in tail + chunk:
            return kinds.ENCRYPTED_OFFICE
        tail = chunk[-64:]
    raise FileRefused("old-office")


def _archive(file: IO[bytes], head: bytes) -> MediaKind:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return _whole_archive(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return _damaged_archive(head)


def _whole_archive(archive: zipfile.ZipFile) -> MediaKind:
    names = archive.namelist()
    if len(names) > _ENTRIES_LIMIT:
        raise FileRefused("type")
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in lower):
        raise FileRefused("macros")
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            kind = _ODF_KINDS.get(entry.read(200).strip())
        if kind is not None:
            return kind
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as entry:
            if b"macroenabled" in entry.read(_MANIFEST_LIMIT).lower():
                raise FileRefused("macros")
        for part, kind in _OOXML_PARTS:
            if any(name.startswith(part) for name in lower):
                return kind
    raise FileRefused("archive")


def _damaged_archive(head: bytes) -> MediaKind:
    """Tell a broken Office file, which is kept as it is, by the names in its first bytes."""
    for media_type, kind in _ODF_KINDS.items():
        if media_type in head[:200]:
            return kind
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        for part, kind in _OOXML_PARTS:
            if part.encode() in head:
                return kind
    raise FileRefused("archive")


def _text(head: bytes, name: str) -> MediaKind:
    text = _decoded(head)
    if text is None:
        raise FileRefused("type")
    text = text.lstrip("\ufeff")
    claimed = kinds.ENDINGS.get(ending_of(name))
    markup = _MARKUP_START.match(text)
    tag = " ".join(markup[1].lower().split()) if markup is not None else ""
    if tag in _HTML_ROOTS or (tag in _HTML_PARTS and claimed in (None, kinds.HTML)):
        return kinds.HTML
    if text.lstrip().startswith(("<?xml", "{\\rtf")) or tag in {"svg", "!doctype"}:
        raise FileRefused("type")
    if claimed is not None and claimed.family not in {"text", "html"}:
        raise FileRefused("mismatch")
    return claimed if claimed in (kinds.MARKDOWN, kinds.CSV) else kinds.TEXT


def _decoded(head: bytes) -> str | None:
    """Return the head as text, or None when it is none."""
    for bom in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if head.startswith(bom):
            return head[: len(head) // 2 * 2].decode("utf-16", "ignore")
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in head)
    if controls > len(head) // 200:
        return None
    return head.decode("utf-8", "replace")
