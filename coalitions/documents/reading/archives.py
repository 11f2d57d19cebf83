"""Files that are ZIP archives of XML: opened with suspicion.

Invariant: nothing is unpacked before what it will take has been added up, and no XML with a
document type, where entities would be declared, is parsed.
"""

import zipfile
from pathlib import Path
from typing import IO, Any

from lxml import etree

from coalitions.documents.reading.limits import MAX_ENTRIES, MAX_UNPACKED, Unreadable

_XML_ENDINGS = (".xml", ".rels")


def open_archive(source: Path | IO[bytes]) -> zipfile.ZipFile:
    """Return the archive; raise Unreadable for a bomb, for entities, for one that is damaged."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("broken") from error
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unreadable("hostile")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unreadable("encrypted")
        if entry.filename.lower().endswith(_XML_ENDINGS):
            with archive.open(entry) as file:
                _refuse_entities(file.read(4096))
    return archive


def _refuse_entities(head: bytes) -> None:
    plain = head.replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Unreadable("hostile")


def parsed(archive: zipfile.ZipFile, name: str) -> Any:
    """Return the root element of the part `name`; no network, no entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    with archive.open(name) as file:
        return etree.parse(file, parser).getroot()


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
