"""Pages as pictures: made on demand in a process apart, kept in a private folder.

Invariant: a picture leaves this module only for a version that the caller already found among
what the viewer may see; its file has no address.
"""

import os
import threading
import time
from pathlib import Path

from django.conf import settings

from coalitions.documents import sandbox
from coalitions.documents.media_types import has_page_images, kind_of
from coalitions.documents.models import DocumentVersion

WIDTHS = (1000, 2000)
_AT_ONCE = threading.BoundedSemaphore(2)


class NoPicture(Exception):
    """There is no such page, or it cannot be drawn."""


def image_folder() -> Path:
    """Return the private folder of page images."""
    folder = Path(settings.VAR_DIR) / "page-images"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def page_image(version: DocumentVersion, page: int, width: int = WIDTHS[0]) -> bytes:
    """Return page number `page` of `version` as a PNG, `width` pixels wide at most."""
    if not has_page_images(version.media_type) or width not in WIDTHS or not 1 <= page <= 100_000:
        raise NoPicture
    folder = image_folder() / str(version.uuid)
    kept = folder / f"{page}-{width}.png"
    try:
        picture = kept.read_bytes()
    except OSError:
        picture = _draw(version, page, width, kept)
    else:
        # The sweep removes folders that nobody looked into for long.
        if time.time() - folder.stat().st_mtime > 3600:
            os.utime(folder)
    return picture


def _draw(version: DocumentVersion, page: int, width: int, kept: Path) -> bytes:
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    partial = kept.with_name(f"{kept.stem}.{os.getpid()}-{threading.get_ident()}.partial")
    kind = kind_of(version.media_type)
    try:
        with _AT_ONCE, sandbox.local_file(version) as source:
            result = sandbox.run(
                "image", kind.family, kind.media_type, source, str(partial), str(page), str(width)
            )
        if result.get("reason"):
            raise NoPicture
        partial.replace(kept)
        return kept.read_bytes()
    except (sandbox.StorageMisses, OSError) as error:
        raise NoPicture from error
    finally:
        partial.unlink(missing_ok=True)
