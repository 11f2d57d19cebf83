"""What Office and OpenDocument files say about people: properties, comments, changes, photos.

Parts are known by what is in them, not by their names, which a file may choose. What is rewritten
is a new archive: nothing between its entries, no comments of entries, no owners of files.
"""

import io
import re
import zipfile
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from coalitions.documents.reading.archives import local, open_archive
from coalitions.documents.reading.limits import MAX_UNPACKED, Unreadable
from coalitions.documents.reading.traces import Found, has_camera_data, picture_without

_SIGNATURES: Final = ("_xmlsignatures/", "meta-inf/documentsignatures.xml")
_XML: Final = (".xml", ".rels", ".psmdcp", ".vml")
_MEDIA: Final = (".jpg", ".jpeg", ".png", ".webp")
# An element whose text names somebody, by its own name.
_TEXTS: Final = {
    "creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "editor",
    "printed-by": "editor",
    "creator-initials": "commenter",
    "Company": "company",
    "Manager": "manager",
    "Application": "program",
    "generator": "program",
    "Template": "path",
    "HyperlinkBase": "path",
}
_PROPERTIES: Final = {"coreProperties", "Properties", "document-meta", "meta"}
# An attribute that names somebody, by its own name, and what stands there afterwards.
_ATTRIBUTES: Final = {
    "author": "Author",
    "initials": "A",
    "userId": "",
    "userName": "Author",
}
# Elements that stand for a person, with more attributes that name them.
_PEOPLE: Final = {"cmAuthor", "author", "person", "presenceInfo"}
_OF_PEOPLE: Final = {"name": "Author", "displayName": "Author"}
_ANONYMOUS: Final = {"", "Author", "A"}
_CHANGES: Final = {"ins", "del", "moveFrom", "moveTo"}
_A_PATH: Final = re.compile(r"[/\\:]")
_PATHS: Final = {"absPath": "url"}
# Whatever else is written in capitals or not, a part without these words names nobody.
_WORDS: Final = (
    b"author", b"creator", b"properties", b"person", b"initials", b"username", b"printed-by",
    b"abspath", b"userid", b"document-meta", b"attachedtemplate", b"w:ins", b"w:del",
)  # fmt: skip
_BIGGEST_PART: Final = 64 * 1024 * 1024
_PIECE: Final = 256 * 1024


def find_in(source: Path, found: Found) -> None:
    """Note what the file says."""
    cameras = 0
    with open_archive(source) as archive:
        found.signed = any(
            entry.filename.lower().startswith(_SIGNATURES) for entry in archive.infolist()
        )
        for entry in archive.infolist():
            data = _telling(archive, entry)
            if data is None:
                continue
            if _is_picture(entry):
                cameras += has_camera_data(data)
                continue
            root = _parsed(data, entry)
            if root is not None:
                _walk(root, found, change=False)
    found.count("camera", cameras)


def remove_from(source: Path, target: Path) -> None:
    """Write the file without it; entries that are not touched are copied piece by piece."""
    with open_archive(source) as archive, zipfile.ZipFile(target, "w") as out:
        for entry in archive.infolist():
            data = _without(archive, entry)
            written = zipfile.ZipInfo(entry.filename, entry.date_time)
            stored = entry.compress_type == zipfile.ZIP_STORED
            written.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with out.open(written, "w", force_zip64=entry.file_size > 2**31) as to:
                if data is not None:
                    to.write(data)
                else:
                    with archive.open(entry) as file:
                        _copy(file, to)


def _without(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """Return an entry that says something as it is without it, None for one that does not."""
    data = _telling(archive, entry)
    if data is None:
        return None
    if _is_picture(entry):
        return picture_without(data)
    root = _parsed(data, entry)
    if root is None or not _walk(root, Found(), change=True):
        return None
    tree = root.getroottree()
    whole: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return whole


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_MEDIA)


def _telling(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """Return what is in a picture, or in a part in XML that may name somebody."""
    with archive.open(entry) as file:
        head = file.read(1024)
        is_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
        if not (is_xml or _is_picture(entry)):
            return None
        if entry.file_size > _BIGGEST_PART:
            raise Unreadable("too-large")
        data = head + file.read()
    if _is_picture(entry):
        return data
    plain = data.replace(b"\0", b"").lower()  # of UTF-16, too
    return data if any(word in plain for word in _WORDS) else None


def _parsed(data: bytes, entry: zipfile.ZipInfo) -> Any:
    """Return the root of a part; None for a web page or the like that only looks like one."""
    must_be = entry.filename.lower().endswith(_XML)
    plain = data[:4096].replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        if must_be:
            raise Unreadable("hostile")
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.parse(io.BytesIO(data), parser).getroot()
    except etree.XMLSyntaxError:
        if must_be:
            raise Unreadable("broken") from None
        return None


def _walk(root: Any, found: Found, *, change: bool) -> bool:
    """Note what a part says, and take it out where `change`; return whether it said anything."""
    said = False
    changes = 0
    properties = local(root) in _PROPERTIES or local(root).startswith("document")
    for element in list(root.iter()):
        name = local(element)
        if not name:
            continue
        changes += name == "changed-region" or (
            name in _CHANGES and _attribute(element, "author") in element.attrib
        )
        said = _attributes(element, name, found, change=change) or said
        if properties or name in {"creator", "creator-initials"}:
            said = _text(element, name, found, change=change) or said
        if name == "author" and local(element.getparent() or element) == "authors":
            said = _set_text(element, "commenter", "Author", found, change=change) or said
    found.count("changes", changes)
    return _custom(root, found, change=change) or said


def _attribute(element: Any, name: str) -> str:
    """Return an attribute's whole name, of whatever namespace; the bare one where it is absent."""
    return next((str(key) for key in element.attrib if str(key).rsplit("}", 1)[-1] == name), name)


def _attributes(element: Any, name: str, found: Found, *, change: bool) -> bool:
    said = False
    for key in list(element.attrib):
        short = str(key).rsplit("}", 1)[-1]
        after = _ATTRIBUTES.get(short)
        if after is None and name in _PEOPLE:
            after = _OF_PEOPLE.get(short)
        code = "commenter"
        if after is None and _PATHS.get(name) == short:
            after, code = "", "path"
        if after is None and _is_template(element, short):
            after, code = "Normal.dotm", "path"
        value = element.get(key)
        if after is None or value == after or (code == "commenter" and value in _ANONYMOUS):
            continue
        said = True
        found.add(code, value)
        if change:
            element.set(key, after)
    return said


def _is_template(element: Any, attribute: str) -> bool:
    """Whether this relation leads to a template on somebody's own disk."""
    kind = str(element.get("Type", ""))
    return attribute == "Target" and kind.endswith("/attachedTemplate")


def _text(element: Any, name: str, found: Found, *, change: bool) -> bool:
    code = _TEXTS.get(name)
    if code is None or len(element):
        return False
    if code == "program":
        found.add(code, element.text)
        return False
    if name == "Template" and not _A_PATH.search(element.text or ""):
        return False
    if name == "creator" and local(element.getparent()) in {"annotation", "change-info"}:
        code = "commenter"
    return _set_text(element, code, "", found, change=change)


def _set_text(element: Any, code: str, after: str, found: Found, *, change: bool) -> bool:
    text = (element.text or "").strip()
    if text in _ANONYMOUS:
        return False
    found.add(code, text)
    if change:
        element.text = after
    return True


def _custom(root: Any, found: Found, *, change: bool) -> bool:
    """Note what people and programs wrote beside the usual properties, and take it out."""
    rows = []
    if local(root) == "Properties" and "custom-properties" in str(root.tag):
        rows = [(row, row.get("name")) for row in root]
    elif local(root).startswith("document"):
        rows = [
            (row, row.get(_attribute(row, "name")))
            for row in root.iter()
            if local(row) == "user-defined"
        ]
    for row, name in rows:
        found.add("custom", f"{name}: {' '.join(row.itertext())}")
        if change:
            row.getparent().remove(row)
    return bool(rows)


def _copy(file: IO[bytes], to: IO[bytes]) -> None:
    left = MAX_UNPACKED
    while piece := file.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise Unreadable("hostile")
        to.write(piece)
