"""Pictures as cameras and programs write them, full of what should not be known, made by Pillow."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRETS = (
    b"Telltale Camera",
    b"Amina Telltale",
    b"telltale-xmp",
    b"telltale-note",
    b"telltale-tail",
)
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>telltale-xmp</x:xmpmeta>"
TAIL = b"telltale-note" * 3


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a camera, a person, a place and, where it is turned, how."""
    data = Image.Exif()
    data[0x010F] = "Telltale Camera"
    data[0x013B] = "Amina Telltale"
    if orientation != 1:
        data[0x0112] = orientation
    gps = data.get_ifd(0x8825)
    gps.update({1: "N", 2: (51.0, 30.0, 12.25), 3: "E", 4: (4.0, 20.0, 1.5)})
    return data


def image(mode: str = "RGB") -> Image.Image:
    """A picture with an edge in it, so that its pixels tell what was done to them."""
    picture = Image.new(mode, (40, 24), 200 if mode == "L" else (200, 30, 90, 255)[: len(mode)])
    for x in range(20):
        picture.putpixel((x, x % 24), 10 if mode == "L" else (10, 250, 20, 128)[: len(mode)])
    return picture


@cache
def profile() -> bytes:
    """A colour profile; it says when it was made, so it is made once."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def jpeg(orientation: int = 1, **options: Any) -> bytes:
    """With EXIF, its thumbnail, XMP, IPTC, a comment, and another picture behind the end."""
    out = io.BytesIO()
    image().save(
        out, "JPEG", exif=exif(orientation), xmp=XMP, comment=b"telltale-note",
        icc_profile=profile(), **options,
    )  # fmt: skip
    whole = out.getvalue()
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x50\0\x0eAmina Telltale"
    mpf = b"MPF\0" + b"telltale-note"
    more = segment(0xED, iptc) + segment(0xE2, mpf) + segment(0xE4, b"telltale-note")
    return whole[:2] + more + whole[2:] + whole + TAIL


def segment(marker: int, data: bytes) -> bytes:
    """One segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def png(orientation: int = 1, **options: Any) -> bytes:
    """With texts of all three kinds, a time, EXIF, a private chunk, something behind the end."""
    notes = PngInfo()
    notes.add_text("Author", "Amina Telltale")
    notes.add_text("Comment", "telltale-note " * 20, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    notes.add(b"tIME", struct.pack(">HBBBBB", 2026, 11, 24, 12, 0, 0))
    notes.add(b"prVt", b"telltale-note")
    out = io.BytesIO()
    image(options.pop("mode", "RGBA")).save(
        out, "PNG", pnginfo=notes, exif=exif(orientation), icc_profile=profile(), **options
    )
    return out.getvalue() + TAIL


def png_chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def webp(orientation: int = 1, **options: Any) -> bytes:
    """With EXIF, XMP, a chunk that nobody knows, and something behind the end."""
    out = io.BytesIO()
    image("RGBA").save(
        out, "WEBP", exif=exif(orientation), xmp=XMP, icc_profile=profile(), **options
    )
    whole = out.getvalue() + riff(b"NOTE", b"telltale-note")
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:] + TAIL


def riff(name: bytes, data: bytes) -> bytes:
    """One chunk of a WebP."""
    return struct.pack("<4sI", name, len(data)) + data + b"\0" * (len(data) % 2)
