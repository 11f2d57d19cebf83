"""OpenDocument: text by sections, presentations by slide, spreadsheets by sheet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coalitions.documents.reading.archives import local, open_archive, parsed
from coalitions.documents.reading.limits import Unreadable
from coalitions.documents.reading.sections import sections, sheets

_BREAKS = {"tab": "\t", "line-break": "\n", "s": " "}
_SKIPPED = {"tracked-changes", "annotation", "sequence-decls", "forms"}


def pages(source: Path, media_type: str) -> Iterator[tuple[str, str]]:
    """Yield (anchor, text) of the file."""
    with open_archive(source) as archive:
        names = archive.namelist()
        if "META-INF/manifest.xml" in names:
            manifest = parsed(archive, "META-INF/manifest.xml")
            if any(local(element) == "encryption-data" for element in manifest.iter()):
                raise Unreadable("encrypted")
        if "content.xml" not in names:
            raise Unreadable("broken")
        root = parsed(archive, "content.xml")
    if media_type.endswith(".presentation"):
        for page in _named(root, "page"):
            yield "slide", _text_of(page)
    elif media_type.endswith(".spreadsheet"):
        yield from sheets(
            (_name_of(table), _text_of(table).split("\n")) for table in _named(root, "table")
        )
    else:
        for text in sections(_blocks(root)):
            yield "section", text


def _named(root: Any, name: str) -> Iterator[Any]:
    for element in root.iter():
        if local(element) == name and not any(
            local(above) == name for above in element.iterancestors()
        ):
            yield element


def _name_of(table: Any) -> str:
    return str(next((v for k, v in table.attrib.items() if k.endswith("}name")), ""))


def _blocks(root: Any) -> Iterator[tuple[str, bool]]:
    body = next(_named(root, "text"), None)
    if body is None:
        raise Unreadable("broken")
    for child in body:
        yield _text_of(child), local(child) == "h"


def _text_of(element: Any) -> str:
    out: list[str] = []
    _collect(element, out)
    return "".join(out).strip()


def _collect(element: Any, out: list[str]) -> None:
    name = local(element)
    if name in _SKIPPED:
        return
    out.append(element.text or "")
    for child in element:
        if local(child) in _BREAKS:
            out.append(_BREAKS[local(child)])
        else:
            _collect(child, out)
        if child.tail:
            out.append(child.tail)
    if name in {"p", "h", "table-row"}:
        out.append("\n")
    elif name == "table-cell" and out and out[-1] == "\n":
        out[-1] = "\t"
