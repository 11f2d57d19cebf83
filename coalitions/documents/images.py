"""Pages as pictures: made on demand in a process apart, kept in a private folder.

Invariant: a picture leaves this module only for a version that the caller already found among
what the viewer may see; its file has no address.
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
from coalitions.documents.models import DocumentVersion

WIDTHS = (1000, 2000)
THUMBNAIL = 160
# So many thumbnails are drawn by one process.
TOGETHER = 12
# So many readings of pages at once, for pictures and for letters together.
AT_ONCE = threading.BoundedSemaphore(2)


class NoPicture(Exception):
    """There is no such page, or it cannot be drawn."""


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
    """Return page number `page` of `version` as a PNG, `width` pixels wide at most."""
    let_open(version)  # also of pictures that are kept
    widths = (*WIDTHS, THUMBNAIL)
    if not has_page_images(version.media_type) or width not in widths or not 1 <= page <= 100_000:
        raise NoPicture
    name = _name(page, width)
    try:
        path = kept(version, name)
        if path:
            return path.read_bytes()
        if width == THUMBNAIL:
            return _draw_together(version, page)
        return _draw(version, page, width, name)
    except (sandbox.StorageMisses, OSError) as error:
        raise NoPicture from error


def _name(page: int, width: int) -> str:
    return f"{page}-{width}.png"


def _draw_together(version: DocumentVersion, page: int) -> bytes:
    """Draw the thumbnail of `page`, and of those around it that are not there yet."""
    kind = kind_of(version.media_type)
    first = (page - 1) // TOGETHER * TOGETHER + 1
    with AT_ONCE, sandbox.local_file(version) as source:
        path = kept(version, _name(page, THUMBNAIL))
        if path:  # another request drew it while this one waited
            return path.read_bytes()
        others = [
            other
            for other in range(first, first + TOGETHER)
            if other != page and not kept(version, _name(other, THUMBNAIL))
        ]
        wanted = [page, *others] if kind.family == "pdf" else [page]
        with tempfile.TemporaryDirectory(dir=sandbox.work_folder(), prefix="small-") as folder:
            sandbox.run(
                "thumbnails", kind.family, kind.media_type, source, folder, str(THUMBNAIL),
                *map(str, wanted),
            )  # fmt: skip
            drawn = {number: Path(folder, f"{number}.png") for number in wanted}
            if not drawn[page].exists():
                raise NoPicture
            for number, picture in drawn.items():
                if picture.exists():
                    with keeping(version, _name(number, THUMBNAIL)) as partial:
                        partial.write_bytes(picture.read_bytes())
            return drawn[page].read_bytes()


def _draw(version: DocumentVersion, page: int, width: int, name: str) -> bytes:
    kind = kind_of(version.media_type)
    with (
        AT_ONCE,
        sandbox.local_file(version) as source,
        keeping(version, name) as partial,
    ):
        result = sandbox.run(
            "image", kind.family, kind.media_type, source, str(partial), str(page), str(width)
        )
        if result.get("reason"):
            raise NoPicture
        return partial.read_bytes()
