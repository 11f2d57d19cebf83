"""Taking out of a picture what the camera and its programs wrote into it, without touching a pixel.

Invariant: what is known to draw the picture is copied byte for byte, everything else is left out:
EXIF with places and thumbnails, XMP, IPTC, comments, further pictures, what follows the end. How
the picture is to be turned stays, in an EXIF block that says nothing else; colour profiles stay.
A picture that cannot be walked through is `Damaged`. The same bytes always give the same bytes,
and what was stripped is stripped to itself. A step takes a bounded part of the file into memory.

Own code, because Pillow draws the pixels anew, piexif (2019) knows JPEG and EXIF alone, and pyexiv2
and exiftool, which edit in place, are under the GPL or keep what they do not know.
"""

from typing import IO

from coalitions.documents.stripping.blocks import Damaged
from coalitions.documents.stripping.jpeg import strip_jpeg
from coalitions.documents.stripping.png import strip_png
from coalitions.documents.stripping.webp import strip_webp

__all__ = ["STRIPPED", "Damaged", "strip"]

STRIPPED = {
    "image/jpeg": strip_jpeg,
    "image/png": strip_png,
    "image/webp": strip_webp,
}


def strip(media_type: str, source: IO[bytes], target: IO[bytes]) -> None:
    """Write the picture in `source` to `target`; raise Damaged where that cannot be done."""
    source.seek(0)
    STRIPPED[media_type](source, target)
    target.flush()
