"""WebP: chunks in a RIFF file; those of a moving picture hold chunks themselves."""

import struct
from typing import IO, Final

from coalitions.documents.stripping.blocks import (
    EXIF_LONGEST,
    Counter,
    Damaged,
    copy,
    exactly,
    exif_with,
    orientation_in,
    size_of,
)

_HEAD: Final = struct.Struct("<4sI")
_PIXELS: Final = frozenset({b"VP8 ", b"VP8L"})
_COPIED: Final = _PIXELS | {b"ALPH", b"ANIM", b"ICCP"}
_FRAME: Final = b"ANMF"
_FRAME_HEAD: Final = 16
_EXTENDED: Final = b"VP8X"
# A profile, transparency, movement; then EXIF, for how the picture is turned.
_FLAGS: Final = 0x20 | 0x10 | 0x02
_HAS_EXIF: Final = 0x08


def strip_webp(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy the chunks that draw the picture, and write the sizes that are right then."""
    size = size_of(source)
    riff, claimed, kind = struct.unpack("<4sI4s", exactly(source, 12))
    if riff != b"RIFF" or kind != b"WEBP" or claimed < 4:
        raise Damaged("no WebP")
    end = claimed + 8
    if end > size:
        raise Damaged("the file ends too early")
    orientation, counter = _orientation(source, end), Counter()
    source.seek(12)
    target.write(b"RIFF\0\0\0\0WEBP")
    drawn = extended = False
    while source.tell() + _HEAD.size <= end:
        counter.one_more()
        name, length = _HEAD.unpack(exactly(source, _HEAD.size))
        after = _after(source, length, end)
        if name == _EXTENDED:
            extended = True
            _write_extended(source, target, length, orientation)
        elif name == _FRAME:
            drawn = _copy_frame(source, target, length, counter) or drawn
        elif name in _COPIED:
            drawn = drawn or name in _PIXELS
            _copy_chunk(source, target, name, length)
        source.seek(min(after, end))
    if not drawn:
        raise Damaged("no picture in it")
    if extended and orientation != 1:
        _write(target, b"EXIF", exif_with(orientation))
    whole = target.tell()
    target.seek(4)
    target.write(struct.pack("<I", whole - 8))
    target.seek(whole)


def _orientation(source: IO[bytes], end: int) -> int:
    """Return how the picture is turned; that stands behind the pixels."""
    counter = Counter()
    while source.tell() + _HEAD.size <= end:
        counter.one_more()
        name, length = _HEAD.unpack(exactly(source, _HEAD.size))
        after = _after(source, length, end)
        if name == b"EXIF" and length <= EXIF_LONGEST:
            return orientation_in(exactly(source, length).removeprefix(b"Exif\0\0"))
        source.seek(min(after, end))
    return 1


def _after(source: IO[bytes], length: int, end: int) -> int:
    """Return where the next chunk begins; a chunk of odd length is filled up."""
    after = source.tell() + length
    if after > end:
        raise Damaged("a chunk is longer than the file")
    return after + length % 2


def _write_extended(source: IO[bytes], target: IO[bytes], length: int, orientation: int) -> None:
    if length < 10:
        raise Damaged("a header that is too short")
    data = exactly(source, 10)
    flags = data[0] & _FLAGS | (_HAS_EXIF if orientation != 1 else 0)
    _write(target, _EXTENDED, bytes((flags, 0, 0, 0)) + data[4:])


def _copy_frame(source: IO[bytes], target: IO[bytes], length: int, counter: Counter) -> bool:
    """Copy one picture of a moving one, with the chunks in it that draw it."""
    end = source.tell() + length
    if length < _FRAME_HEAD:
        raise Damaged("a frame that is too short")
    begins = target.tell()
    target.write(_HEAD.pack(_FRAME, 0))
    copy(source, target, _FRAME_HEAD)
    drawn = False
    while source.tell() + _HEAD.size <= end:
        counter.one_more()
        name, size = _HEAD.unpack(exactly(source, _HEAD.size))
        after = _after(source, size, end)
        if name in _PIXELS or name == b"ALPH":
            drawn = drawn or name in _PIXELS
            _copy_chunk(source, target, name, size)
        source.seek(min(after, end))
    finish = target.tell()
    target.seek(begins + 4)
    target.write(struct.pack("<I", finish - begins - _HEAD.size))
    target.seek(finish)
    return drawn


def _copy_chunk(source: IO[bytes], target: IO[bytes], name: bytes, length: int) -> None:
    target.write(_HEAD.pack(name, length))
    copy(source, target, length)
    target.write(b"\0" * (length % 2))


def _write(target: IO[bytes], name: bytes, data: bytes) -> None:
    target.write(_HEAD.pack(name, len(data)) + data + b"\0" * (len(data) % 2))
