"""What a file says about the people who made it: found, and taken out.

Invariant: what is found is short and few, whatever the file holds; a file that is rewritten is
rewritten whole, so that nothing of what it said before is left between its parts.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from coalitions.documents.reading.limits import Unreadable
from coalitions.documents.stripping import Damaged, strip

# Codes of what is found; `coalitions.documents.authors` has the words. Those that name nobody,
# or that are not taken out because they are part of the text:
NAMELESS: Final = frozenset({"program", "attachments", "changes"})
MOST: Final = 60
LONGEST: Final = 200
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
# TIFF and HEIC: what a camera wrote cannot be told from the picture here, so that it stays.
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIF: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
)
_MARKS: Final = (b"Exif\0", b"eXIf", b"EXIF", b"http://ns.adobe.com/xap/", b"8BIM")


class Found:
    """What was found, each once, in the order in which it was."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str], int] = {}
        self.signed = False

    def add(self, code: str, value: str | None) -> None:
        """Note what the file says, where it says something."""
        text = " ".join((value or "").split())[:LONGEST]
        known = (code, text) in self._values
        if text and (known or len(self._values) < MOST):
            self._values[code, text] = self._values.get((code, text), 0) + 1

    def add_all(self, code: str, values: Iterable[str]) -> None:
        """Note several of one kind."""
        for value in values:
            self.add(code, value)

    def count(self, code: str, number: int) -> None:
        """Note how many there are of something that has no name."""
        if number:
            self._values[code, ""] = self._values.get((code, ""), 0) + number

    def as_answer(self) -> dict[str, object]:
        """Return what the process answers."""
        rows = [[code, text, number] for (code, text), number in self._values.items()]
        return {"found": rows, "signed": self.signed}


def find(family: str, source: Path) -> dict[str, object]:
    """Return {"found": [[code, text, times], …], "signed": …}."""
    found = Found()
    if family == "pdf":
        from coalitions.documents.reading.traces_pdf import find_in
    else:
        from coalitions.documents.reading.traces_office import find_in
    find_in(source, found)
    return found.as_answer()


def remove(family: str, source: Path, target: Path) -> dict[str, object]:
    """Write the file without what it says about people to `target`.

    Raises Unreadable, "signed" for one whose signature would not hold any more, and "traces-stay"
    where something would be found in the result.
    """
    if family == "pdf":
        from coalitions.documents.reading.traces_pdf import remove_from
    else:
        from coalitions.documents.reading.traces_office import remove_from
    if find(family, source)["signed"]:
        raise Unreadable("signed")
    remove_from(source, target)
    left = find(family, target)["found"]
    assert isinstance(left, list)
    if any(code not in NAMELESS for code, _text, _times in left):
        raise Unreadable("traces-stay")
    return {}


def is_picture(head: bytes) -> bool:
    """Whether a file that begins like this is a picture in which a camera may have written."""
    known = _kind_of(head) or _is_emf(head) or head.startswith(b"GIF8")
    return bool(known) or _stays_as_it_is(head)


def picture_without(data: bytes) -> bytes | None:
    """Return a picture that lies in a file without what its camera wrote.

    None where nothing is to be taken out, or the picture is too damaged for it.
    """
    kind = _kind_of(data)
    if not kind:
        return None
    try:
        clean = _stripped(kind, data)
    except Damaged:
        return None
    return clean if clean != data else None


def has_camera_data(data: bytes) -> bool:
    """Whether a camera or a program wrote into this picture who, where or when."""
    if _stays_as_it_is(data):
        return True
    if not is_picture(data):
        return False
    marked = any(mark in data for mark in _MARKS)
    kind = _kind_of(data)
    if not kind or not marked:
        return marked or (_is_emf(data) and _emf_has_name(data))
    try:
        return _stripped(kind, data) != data
    except Damaged:
        return True


def _stripped(kind: str, data: bytes) -> bytes:
    out = io.BytesIO()
    strip(kind, io.BytesIO(data), out)
    return out.getvalue()


def _kind_of(data: bytes) -> str:
    """Return the type of a picture that can be stripped; empty for others."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in _PICTURES.items() if data.startswith(head)), "")


def _stays_as_it_is(data: bytes) -> bool:
    return data.startswith(_TIFF) or (data[4:8] == b"ftyp" and data[8:12] in _HEIF)


def _is_emf(data: bytes) -> bool:
    return data.startswith(b"\1\0\0\0") and data[40:44] == b" EMF"


def _emf_has_name(data: bytes) -> bool:
    """Whether the header names the picture, behind the program that made it."""
    signs, start = (int.from_bytes(data[at : at + 4], "little") for at in (60, 64))
    text = data[start : start + 2 * signs].decode("utf-16-le", "replace")
    return any(text.split("\0")[1:])
