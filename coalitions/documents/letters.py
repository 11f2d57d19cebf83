"""The letters of a PDF's page and their places: read in a process apart, kept with its picture.

Invariant: given only for a version that the caller already found among what the viewer may see.
Whatever the file is, the answer is letters or none, soon; one that gave none is not asked again
within the hour.
"""

import json
import time
from dataclasses import dataclass
from typing import Any, NamedTuple

from coalitions.documents import images, sandbox
from coalitions.documents.checked import why_closed
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentVersion
from coalitions.documents.reading.limits import MAX_LETTERS

UNIT = 10_000
AGAIN_SECONDS = 3600
# How long to wait for other readings to end.
PATIENCE = 1.0
# A file in a storage elsewhere that is larger is fetched for its picture and not for its letters.
MOST_FETCHED = 20 * 1024 * 1024


class Box(NamedTuple):
    """A piece of the page's picture; `UNIT` is the picture's width."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """From the left to the right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """From the top to the bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Letters:
    """A page's text, a box or none for each of its characters, and the page's height."""

    text: str
    boxes: tuple[Box | None, ...]
    height: int


def page_letters(version: DocumentVersion, page: int) -> Letters | None:
    """Return the letters of page number `page`; None where there are none to be had."""
    if why_closed(version):
        return None
    if kind_of(version.media_type).family != "pdf" or not 1 <= page <= 100_000:
        return None
    name = f"{page}-letters.json"
    try:
        result = _kept(version, name)
        if result is None:
            result = _read(version, page, name)
    except (sandbox.StorageMisses, OSError):
        return None
    return checked(result)


def _kept(version: DocumentVersion, name: str) -> Any:
    path = images.kept(version, name)
    if path is None:
        return None
    try:
        result = json.loads(path.read_bytes())
    except ValueError:
        return None
    if checked(result) is None and time.time() - path.stat().st_mtime > AGAIN_SECONDS:
        return None
    return result


def _read(version: DocumentVersion, page: int, name: str) -> Any:
    if version.size > MOST_FETCHED and not sandbox.is_near(version):
        return None
    if not images.AT_ONCE.acquire(timeout=PATIENCE):
        return None
    try:
        kind = kind_of(version.media_type)
        with sandbox.local_file(version) as source:
            result = sandbox.run("letters", kind.family, kind.media_type, source, str(page))
    finally:
        images.AT_ONCE.release()
    with images.keeping(version, name) as partial:
        partial.write_text(json.dumps(result), encoding="ascii")
    return result


def checked(result: Any) -> Letters | None:
    """Return the letters that the reading process answered; None where it answered otherwise.

    What a stranger's file may have brought about is letters only where it has their form.
    """
    match result:
        case {"text": str(text), "places": list(places), "height": int(height)}:
            pass
        case _:
            return None
    if len(text) != len(places) or len(text) > MAX_LETTERS or not 0 < height <= 100 * UNIT:
        return None
    try:
        boxes = tuple(None if place is None else _box(height, *place) for place in places)
    except (TypeError, ValueError):
        return None
    return Letters(text, boxes, height)


def _box(height: int, left: int, top: int, right: int, bottom: int) -> Box:
    if 0 <= left < right <= UNIT and 0 <= top < bottom <= height:
        return Box(left, top, right, bottom)
    raise ValueError
