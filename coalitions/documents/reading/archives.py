"""Files that are ZIP archives of XML: opened with suspicion.

Invariant: nothing is unpacked before what it will take has been added up, and no XML with a
document type, where entities would be declared, is parsed.
"""

import zipfile
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from coalitions.documents.reading.limits import MAX_ENTRIES, MAX_UNPACKED, Unreadable

_XML_ENDINGS = (".xml", ".rels")
# A document type stands at the beginning: so much of a part is looked at.
HEAD: Final = 4096


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
                if declares_entities(file.read(HEAD)):
                    raise Unreadable("hostile")
    return archive


def declares_entities(head: bytes) -> bool:
    """Whether XML that begins like this has a document type; UTF-16 is looked through, too."""
    plain = head.replace(b"\x00", b"").upper()
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def xml_parser() -> etree.XMLParser:
    """Return a parser that asks no network, replaces no entity and grows no huge tree."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parsed(archive: zipfile.ZipFile, name: str) -> Any:
    """Return the root element of the part `name`."""
    with archive.open(name) as file:
        return etree.parse(file, xml_parser()).getroot()


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
