"""What Office and OpenDocument files say about people: properties, comments, changes, photos.

What is embedded, such as the table behind a chart, is a file of its own, which is looked into once;
one in that is not, and keeps the names from being taken out.

Parts are known by what is in them, not by their names, which a file may choose. What is rewritten
is a new archive: nothing between its entries, no comments of entries, no owners of files.
"""

import io
import zipfile
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from coalitions.documents.reading.archives import (
    HEAD,
    declares_entities,
    open_archive,
    xml_parser,
)
from coalitions.documents.reading.limits import MAX_UNPACKED, Unreadable
from coalitions.documents.reading.traces import (
    Found,
    has_camera_data,
    is_picture,
    picture_without,
)
from coalitions.documents.reading.traces_xml import WORDS, walk

_SIGNATURES: Final = ("_xmlsignatures/", "meta-inf/documentsignatures.xml")
_XML: Final = (".xml", ".rels", ".psmdcp", ".vml")
_ARCHIVE: Final = b"PK\x03\x04"
# Compound files, in which objects of other programs lie, and PDFs: not looked into.
_ATTACHED: Final = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-")
_BIGGEST_PART: Final = 64 * 1024 * 1024
_BIGGEST_EMBEDDED: Final = 128 * 1024 * 1024
_DEEPEST: Final = 1
_PIECE: Final = 256 * 1024


def find_in(source: Path | IO[bytes], found: Found, depth: int = 0) -> None:
    """Note what the file says."""
    with open_archive(source) as archive:
        _let_embed(archive, depth)
        entries = archive.infolist()
        if any(entry.filename.lower().startswith(_SIGNATURES) for entry in entries):
            found.signed = True
        for entry in entries:
            kind, data = _telling(archive, entry)
            if kind == "attached":
                found.count("attachments", 1)
            elif kind == "archive":
                _find_within(data, found, depth)
            elif kind == "picture":
                found.count("camera", has_camera_data(data))
            elif kind == "xml" and (root := _parsed(data, entry)) is not None:
                walk(root, found, change=False)


def remove_from(source: Path | IO[bytes], target: Path | IO[bytes], depth: int = 0) -> None:
    """Write the file without it; entries that are not touched are copied piece by piece."""
    with open_archive(source) as archive, zipfile.ZipFile(target, "w") as out:
        _let_embed(archive, depth)
        for entry in archive.infolist():
            data = _without(archive, entry, depth)
            written = zipfile.ZipInfo(entry.filename, entry.date_time)
            stored = entry.compress_type == zipfile.ZIP_STORED
            written.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with out.open(written, "w", force_zip64=entry.file_size > 2**31) as to:
                if data is not None:
                    to.write(data)
                else:
                    with archive.open(entry) as file:
                        _copy(file, to)


def _let_embed(archive: zipfile.ZipFile, depth: int) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if depth and unpacked > _BIGGEST_EMBEDDED:
        raise Unreadable("too-large")


def _find_within(data: bytes, found: Found, depth: int) -> None:
    """Note what an embedded file says; of one that is not looked into, that it is there."""
    if depth >= _DEEPEST:
        found.count("unread", 1)
        return
    try:
        find_in(io.BytesIO(data), found, depth + 1)
    except Exception:  # a damaged one has errors of many kinds; its file is readable all the same
        found.count("unread", 1)


def _embedded_without(data: bytes, depth: int) -> bytes | None:
    """Return an embedded file without it; None where it stays, which is found afterwards."""
    if depth >= _DEEPEST:
        return None
    out = io.BytesIO()
    try:
        remove_from(io.BytesIO(data), out, depth + 1)
    except Exception:  # as above
        return None
    return out.getvalue()


def _without(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> bytes | None:
    """Return an entry that says something as it is without it, None for one that does not."""
    kind, data = _telling(archive, entry)
    if kind == "archive":
        return _embedded_without(data, depth)
    if kind == "picture":
        return picture_without(data)
    root = _parsed(data, entry) if kind == "xml" else None
    if root is None or not walk(root, Found(), change=True):
        return None
    tree = root.getroottree()
    whole: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return whole


def _telling(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[str, bytes]:
    """Return of what kind an entry is, and what is in it; ("", b"") for one that names nobody."""
    with archive.open(entry) as file:
        head = file.read(1024)
        kind = _kind_of(head)
        if kind in {"", "attached"}:
            return kind, b""
        if entry.file_size > _BIGGEST_PART:
            raise Unreadable("too-large")
        data = head + file.read()
    if kind == "xml":
        plain = data.replace(b"\0", b"").lower()  # of UTF-16, too
        if not any(word in plain for word in WORDS):
            return "", b""
    return kind, data


def _kind_of(head: bytes) -> str:
    if head.startswith(_ARCHIVE):
        return "archive"
    if head.startswith(_ATTACHED):
        return "attached"
    if is_picture(head):
        return "picture"
    is_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
    return "xml" if is_xml else ""


def _parsed(data: bytes, entry: zipfile.ZipInfo) -> Any:
    """Return the root of a part; None for a web page or the like that only looks like one."""
    must_be = entry.filename.lower().endswith(_XML)
    if declares_entities(data[:HEAD]):
        if must_be:
            raise Unreadable("hostile")
        return None
    try:
        return etree.parse(io.BytesIO(data), xml_parser()).getroot()
    except etree.XMLSyntaxError:
        if must_be:
            raise Unreadable("broken") from None
        return None


def _copy(file: IO[bytes], to: IO[bytes]) -> None:
    left = MAX_UNPACKED
    while piece := file.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise Unreadable("hostile")
        to.write(piece)
