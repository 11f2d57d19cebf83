"""A client of the virus scanner clamd: its commands PING and INSTREAM, over a socket.

Invariant: a verdict is the scanner's own word; whatever else happens raises, within PATIENCE. Own
code, because the client libraries that are kept are under the GPL, and the others are old or LGPL.
"""

import select
import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import unquote, urlsplit

CONNECTING_SECONDS: Final = 5
# Between two signs of life, and for one file in all.
SILENCE_SECONDS: Final = 60
PATIENCE: Final = 240
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
# What the scanner says of a file that is beyond its own limits, if it is told to (AlertExceedsMax).
_BEYOND_LIMITS: Final = "Heuristics.Limits.Exceeded"


class ScannerDown(Exception):
    """Nobody answers there, or not in time, or nothing that can be understood."""


class NotInTime(ScannerDown):
    """It took the file, or began to, and then said nothing for too long."""


class BeyondLimits(Exception):
    """The scanner does not take a file of this size, or does not look at all of it."""


def ping(url: str) -> None:
    """Return when the scanner answers, or raise ScannerDown."""
    ends = time.monotonic() + CONNECTING_SECONDS
    with _connected(url, ends) as connection:
        connection.sendall(b"zPING\0")
        if _answer(connection, ends) != "PONG":
            raise ScannerDown("no PONG")


def scan(url: str, blocks: Iterable[bytes]) -> str:
    """Return the name of what was found in `blocks`, empty where nothing was.

    Raises ScannerDown, and BeyondLimits for a file that the scanner does not take whole.
    """
    ends = time.monotonic() + PATIENCE
    with _connected(url, ends) as connection:
        try:
            _send(connection, blocks, ends)
            return _verdict(_answer(connection, ends))
        except TimeoutError as error:
            raise NotInTime("silence") from error


@contextmanager
def _connected(url: str, ends: float) -> Iterator[socket.socket]:
    """Give a connection; what its use raises is ScannerDown."""
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            with connection:
                connection.settimeout(CONNECTING_SECONDS)
                connection.connect(unquote(parts.path))
                yield connection
        else:
            address = (parts.hostname or "", parts.port or 0)
            with socket.create_connection(address, timeout=CONNECTING_SECONDS) as connection:
                yield connection
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error


def _send(connection: socket.socket, blocks: Iterable[bytes], ends: float) -> None:
    """Send the command and the file in chunks, as long as the scanner listens."""
    try:
        _wait_for(connection, ends)
        connection.sendall(b"zINSTREAM\0")
        for chunk in _chunks(blocks):
            if select.select([connection], [], [], 0)[0]:
                return  # it has said something already, such as that this is too much
            _wait_for(connection, ends)
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # It hung up; before that it may have said why.
        return


def _chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        # An empty chunk would end the file.
        for start in range(0, len(block), _CHUNK):
            yield block[start : start + _CHUNK]


def _answer(connection: socket.socket, ends: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        _wait_for(connection, ends)
        more = connection.recv(1024)
        if not more:
            break
        answer += more
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()


def _wait_for(connection: socket.socket, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0:
        raise NotInTime("no answer in time")
    connection.settimeout(min(left, SILENCE_SECONDS))


def _verdict(answer: str) -> str:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if "size limit exceeded" in said or said.startswith(_BEYOND_LIMITS):
        raise BeyondLimits
    name = said.removesuffix(" FOUND")
    if name == said or not name:
        # An error of its own, or a connection that broke off.
        raise ScannerDown("no verdict")
    return "".join(char for char in name if char.isprintable())[:200]
