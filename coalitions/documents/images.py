"""Pages as pictures: made on demand in a process apart, kept in a private folder.

Invariant: a picture leaves this module only for a version that the caller already found among
what the viewer may see; its file has no address. Whatever the file is, nobody waits long for it:
neither for one's turn nor for the drawing, and what could not be drawn is not tried again soon.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from coalitions.documents import sandbox
from coalitions.documents.checked import let_open
from coalitions.documents.media_types import has_page_images, kind_of
from coalitions.documents.models import DocumentVersion, TextExtraction

WIDTHS = (1000, 2000)
THUMBNAIL = 160
# So many thumbnails are drawn by one process.
TOGETHER = 12
# So many readings of pages at once, for pictures and for letters together.
AT_ONCE = threading.BoundedSemaphore(2)
# How long to wait for one's turn.
PATIENCE = 5.0
# What could not be drawn is tried again after so long. A version of which so many pages could not
# be drawn within this time gets no more of them drawn meanwhile.
AGAIN_SECONDS = 900
MOST_FAILED = 8
FAILED = ".failed"


class NoPicture(Exception):
    """There is no such page, or it cannot be drawn."""


class Busy(Exception):
    """It cannot be drawn now, and may be soon."""


def image_folder() -> Path:
    """Return the private folder of page images."""
    folder = Path(settings.VAR_DIR) / "page-images"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def kept(version: DocumentVersion, name: str) -> Path | None:
    """Return the kept file of that name, if there is one."""
    folder = image_folder() / str(version.uuid)
    path = folder / name
    try:
        path.stat()
        # The sweep removes folders that nobody looked into for long.
        if time.time() - folder.stat().st_mtime > 3600:
            os.utime(folder)
    except OSError:
        return None
    return path


@contextmanager
def keeping(version: DocumentVersion, name: str) -> Iterator[Path]:
    """Give a file to write, which is kept under `name` from the end on."""
    folder = image_folder() / str(version.uuid)
    folder.mkdir(mode=0o700, exist_ok=True)
    partial = folder / f"{name}.{os.getpid()}-{threading.get_ident()}.partial"
    try:
        yield partial
        partial.replace(folder / name)
    finally:
        partial.unlink(missing_ok=True)


def page_image(version: DocumentVersion, page: int, width: int = WIDTHS[0]) -> bytes:
    """Return page number `page` of `version` as a PNG, `width` pixels wide at most.

    Raises NoPicture, or Busy.
    """
    let_open(version)  # also of pictures that are kept
    widths = (*WIDTHS, THUMBNAIL)
    if not has_page_images(version.media_type) or width not in widths or page < 1:
        raise NoPicture
    try:
        path = kept(version, _name(page, width))
        if path:
            return path.read_bytes()
        if page > _pages_of(version):
            raise NoPicture
        _refuse_failed(version, page, width)
        return _in_turn(version, page, width)
    except sandbox.StorageAway as error:
        raise Busy from error
    except (sandbox.StorageMisses, OSError) as error:
        raise NoPicture from error


def _name(page: int, width: int) -> str:
    return f"{page}-{width}.png"


def _pages_of(version: DocumentVersion) -> int:
    """How many pages are known: while none is, the first alone can be asked for."""
    counts = TextExtraction.objects.filter(version=version).values_list("page_count", flat=True)
    return max(counts.first() or 0, 1)


def _refuse_failed(version: DocumentVersion, page: int, width: int) -> None:
    """Raise NoPicture where this page, or too many of this version, could not be drawn lately."""
    recent = time.time() - AGAIN_SECONDS
    marks = (image_folder() / str(version.uuid)).glob(f"*{FAILED}")
    failed = {path.name for path in marks if path.stat().st_mtime > recent}
    if _name(page, width) + FAILED in failed or len(failed) >= MOST_FAILED:
        raise NoPicture


def _failed(version: DocumentVersion, page: int, width: int) -> NoPicture:
    """Note that the page could not be drawn."""
    with keeping(version, _name(page, width) + FAILED) as partial:
        partial.touch()
    return NoPicture()


def _in_turn(version: DocumentVersion, page: int, width: int) -> bytes:
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Busy
    try:
        path = kept(version, _name(page, width))
        if path:  # another request drew it while this one waited
            return path.read_bytes()
        _refuse_failed(version, page, width)
        with sandbox.local_file(version) as source:
            draw = _draw_together if width == THUMBNAIL else _draw
            return draw(version, source, page, width)
    finally:
        AT_ONCE.release()


def _draw_together(version: DocumentVersion, source: Path, page: int, width: int) -> bytes:
    """Draw the thumbnail of `page`, and of those around it that are not there yet."""
    kind = kind_of(version.media_type)
    first = (page - 1) // TOGETHER * TOGETHER + 1
    others = [
        other
        for other in range(first, first + TOGETHER)
        if other != page
        and not kept(version, _name(other, width))
        and not kept(version, _name(other, width) + FAILED)
    ]
    wanted = [page, *others] if kind.family == "pdf" else [page]
    with tempfile.TemporaryDirectory(dir=sandbox.work_folder(), prefix="small-") as folder:
        sandbox.run(
            "thumbnails", kind.family, kind.media_type, source, folder, str(width),
            *map(str, wanted),
        )  # fmt: skip
        drawn = {number: Path(folder, f"{number}.png") for number in wanted}
        for number, picture in drawn.items():
            if picture.exists():
                with keeping(version, _name(number, width)) as partial:
                    partial.write_bytes(picture.read_bytes())
        if not drawn[page].exists():
            raise _failed(version, page, width)
        return drawn[page].read_bytes()


def _draw(version: DocumentVersion, source: Path, page: int, width: int) -> bytes:
    kind = kind_of(version.media_type)
    with keeping(version, _name(page, width)) as partial:
        result = sandbox.run(
            "image", kind.family, kind.media_type, source, str(partial), str(page), str(width)
        )
        if result.get("reason"):
            raise _failed(version, page, width)
        return partial.read_bytes()
