"""What the walks through pictures share: reading exactly, copying, counting, the turn of a picture.

Invariant: no length that a file claims is believed; no more than PIECE is held at a time.
"""

import struct
from typing import IO, Final

PIECE: Final = 256 * 1024
# No camera writes so many; a file of nothing but tiny blocks would keep a process busy.
MOST_BLOCKS: Final = 200_000
# Longer EXIF is not looked into for how the picture is turned.
EXIF_LONGEST: Final = 1024 * 1024
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_MOST_ENTRIES: Final = 1000


class Damaged(Exception):
    """The picture is not built as such pictures are."""


class Counter:
    """Counts the blocks of one file."""

    def __init__(self) -> None:
        self._left = MOST_BLOCKS

    def one_more(self) -> None:
        """Raise Damaged where there are too many."""
        self._left -= 1
        if self._left < 0:
            raise Damaged("too many blocks")


def exactly(source: IO[bytes], size: int) -> bytes:
    """Return the next `size` bytes, which are few."""
    data = source.read(size)
    if len(data) != size:
        raise Damaged("the file ends too early")
    return data


def copy(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Copy the next `size` bytes."""
    while size:
        piece = exactly(source, min(size, PIECE))
        target.write(piece)
        size -= len(piece)


def let_hold(source: IO[bytes], size: int, end: int) -> None:
    """Raise Damaged where a file that is `end` long does not hold `size` bytes more."""
    if source.tell() + size > end:
        raise Damaged("the file ends too early")


def skip(source: IO[bytes], size: int, end: int) -> None:
    """Pass over the next `size` bytes of a file that is `end` long."""
    let_hold(source, size, end)
    source.seek(size, 1)


def size_of(source: IO[bytes]) -> int:
    """Return the size of the file, and go back to its beginning."""
    source.seek(0, 2)
    size = source.tell()
    source.seek(0)
    return size


def orientation_in(tiff: bytes) -> int:
    """Return how EXIF says that the picture is turned, from 1 to 8; 1 where it does not."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    try:
        if order is None:
            return 1
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for number in range(min(count, _MOST_ENTRIES)):
            tag, kind, _count, value = struct.unpack_from(
                order + "HHIH", tiff, start + 2 + 12 * number
            )
            if tag == _ORIENTATION:
                return value if kind == _SHORT and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def exif_with(orientation: int) -> bytes:
    """Return an EXIF block that says how the picture is turned, and nothing else."""
    header = struct.pack(">2sHI", b"MM", 42, 8)
    entry = struct.pack(">HHHIHHI", 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)
    return header + entry
