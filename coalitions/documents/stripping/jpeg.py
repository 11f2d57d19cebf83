"""JPEG: segments behind markers, and between them the pixels, in which a marker looks like none."""

import re
import struct
from typing import IO, Final

from coalitions.documents.stripping.blocks import (
    PIECE,
    Counter,
    Damaged,
    exactly,
    exif_with,
    orientation_in,
)

_SOI: Final = b"\xff\xd8"
_EOI: Final = 0xD9
_SOS: Final = 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Frames, Huffman and arithmetic tables, quantisation, lines, restarts, hierarchies, expansion.
_DRAWING: Final = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}
_EXIF: Final = b"Exif\0"
_PROFILE: Final = b"ICC_PROFILE\0"
_ADOBE: Final = b"Adobe"
# In the pixels 0xFF is followed by 0x00, by a restart or by itself; anything else ends them.
_END_OF_PIXELS: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def strip_jpeg(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy what draws the picture, up to its end; further pictures behind it are left out."""
    if exactly(source, 2) != _SOI:
        raise Damaged("no JPEG")
    target.write(_SOI)
    counter = Counter()
    turned = drawn = framed = False
    while True:
        counter.one_more()
        marker = _next_marker(source, counter)
        if marker == _EOI:
            break
        data = _segment(source)
        if marker == _SOS:
            _write(target, marker, data)
            _copy_pixels(source, target)
            drawn = True
            continue
        framed = framed or marker in _FRAMES
        if marker == _APP1 and data.startswith(_EXIF) and not turned:
            orientation = orientation_in(data[6:])
            if orientation != 1:
                turned = True
                _write(target, _APP1, b"Exif\0\0" + exif_with(orientation))
            continue
        kept = _kept(marker, data)
        if kept is not None:
            _write(target, marker, kept)
    if not (framed and drawn):
        raise Damaged("no picture in it")
    target.write(bytes((0xFF, _EOI)))


def _kept(marker: int, data: bytes) -> bytes | None:
    """Return what stays of a segment, None where nothing does."""
    if marker in _DRAWING:
        return data
    if marker == _APP0 and data.startswith(b"JFIF\0") and len(data) >= 14:
        return data[:12] + b"\0\0"  # without its thumbnail
    if marker == _APP2 and data.startswith(_PROFILE):
        return data
    if marker == _APP14 and data.startswith(_ADOBE) and len(data) >= 12:
        return data[:12]  # whether the colours were turned round; needed to draw
    if 0xE0 <= marker <= 0xEF or marker in (0xFE, 0x01) or 0xF0 <= marker <= 0xFD:
        return None
    raise Damaged("an unknown marker")


def _next_marker(source: IO[bytes], counter: Counter) -> int:
    if exactly(source, 1) != b"\xff":
        raise Damaged("no marker where one must be")
    while (code := exactly(source, 1)) == b"\xff":  # filling
        counter.one_more()
    return code[0]


def _segment(source: IO[bytes]) -> bytes:
    (length,) = struct.unpack(">H", exactly(source, 2))
    if length < 2:
        raise Damaged("a segment without a length")
    return exactly(source, length - 2)


def _write(target: IO[bytes], marker: int, data: bytes) -> None:
    target.write(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data)


def _copy_pixels(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy up to the next marker, which is left to be read."""
    rest = b""
    while True:
        piece = source.read(PIECE)
        if not piece:
            raise Damaged("the file ends in the picture")
        piece = rest + piece
        found = _END_OF_PIXELS.search(piece)
        if found:
            # Filling before the marker is no pixel.
            target.write(piece[: found.start()].rstrip(b"\xff"))
            source.seek(found.start() - len(piece), 1)
            return
        # Its last 0xFF may begin a marker; a file of nothing else gives one byte at a time back.
        kept = len(piece.rstrip(b"\xff"))
        target.write(piece[:kept])
        rest = b"\xff" if kept < len(piece) else b""
