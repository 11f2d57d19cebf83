"""Byte ranges of RFC 9110: one range, or the whole file.

Invariant: pure. What is malformed, or asks for several ranges, is answered with the whole.
"""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*\Z", re.I | re.A)
_MAX_DIGITS = 18


class Unsatisfiable(ValueError):
    """The range lies outside the file: 416."""


@dataclass(frozen=True)
class Span:
    """The bytes from `start` up to, but not at, `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def requested_range(header: str, size: int) -> Span | None:
    """Return the range that a Range header asks of `size` bytes; None for the whole file."""
    found = _ONE_RANGE.match(header.strip())
    if found is None:
        return None
    first, last = found[1], found[2]
    if not first and not last:
        return None
    if not first:
        length = min(_number(last), size)
        if not length:
            raise Unsatisfiable
        return Span(size - length, size)
    start = _number(first)
    end = min(_number(last) + 1, size) if last else size
    if last and _number(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, end)


def _number(digits: str) -> int:
    """Return the number; one beyond every file where it has more digits than any file's size."""
    return int(digits) if len(digits) <= _MAX_DIGITS else 10**_MAX_DIGITS
