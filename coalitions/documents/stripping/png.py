"""PNG: chunks with a name each, among them those that draw the picture, still or moving."""

import struct
import zlib
from typing import IO, Final

from coalitions.documents.stripping.blocks import (
    EXIF_LONGEST,
    Counter,
    Damaged,
    copy,
    exactly,
    exif_with,
    let_hold,
    orientation_in,
    size_of,
    skip,
)

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DRAWING: Final = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
        b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip


def strip_png(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy the chunks that draw the picture, up to its end."""
    end = size_of(source)
    if exactly(source, 8) != _SIGNATURE:
        raise Damaged("no PNG")
    target.write(_SIGNATURE)
    counter = Counter()
    first, drawn, turned = True, False, False
    while True:
        counter.one_more()
        head = exactly(source, 8)
        length, name = struct.unpack(">I4s", head)
        if first != (name == b"IHDR"):
            raise Damaged("it does not begin with its header")
        first = False
        if name == b"IEND":
            break
        if name in _DRAWING:
            drawn = drawn or name == b"IDAT"
            let_hold(source, length + 4, end)
            target.write(head)
            copy(source, target, length + 4)
        elif name == b"eXIf" and not turned and length <= EXIF_LONGEST:
            turned = _write_orientation(target, exactly(source, length))
            skip(source, 4, end)
        elif name[:1].isupper():
            raise Damaged("a critical chunk that nobody knows")
        else:
            skip(source, length + 4, end)
    if not drawn:
        raise Damaged("no picture in it")
    _write(target, b"IEND", b"")


def _write_orientation(target: IO[bytes], exif: bytes) -> bool:
    orientation = orientation_in(exif)
    if orientation == 1:
        return False
    _write(target, b"eXIf", exif_with(orientation))
    return True


def _write(target: IO[bytes], name: bytes, data: bytes) -> None:
    target.write(struct.pack(">I", len(data)) + name + data)
    target.write(struct.pack(">I", zlib.crc32(name + data)))
