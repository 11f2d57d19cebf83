"""The body of a request, chunk by chunk, for as long as its sender keeps up.

How many files one person sends at once is counted over all processes (`parts.slot`); how many
arrive in one process is counted here, because its threads are what they would use up.

Invariant: a sender who is slower than UPLOAD_SLOWEST bytes a second for UPLOAD_PATIENCE seconds, or
whose line is dead, gives back the thread and the lock. What came until then stays; tus goes on.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError

# Little enough that a slow line, too, is seen to move.
CHUNK: Final = 16 * 1024


class Busy(Exception):
    """As many files as this process takes at once are arriving."""


class _Arriving:
    """How many files are arriving in this process."""

    def __init__(self) -> None:
        self.number = 0
        self.lock = Lock()


_arriving = _Arriving()


@contextmanager
def arriving() -> Iterator[None]:
    """Count one that arrives; some threads are left for pages. Raises Busy, never waits."""
    with _arriving.lock:
        if _arriving.number >= settings.UPLOADS_PER_PROCESS:
            raise Busy
        _arriving.number += 1
    try:
        yield
    finally:
        with _arriving.lock:
            _arriving.number -= 1


class _Watch:
    """Ends the receiving side of a connection that hardly moves, from another thread.

    The one that receives waits in the kernel, where only the end of the connection reaches it.
    Gunicorn names the connection; servers that do not are left to their own limits.
    """

    def __init__(self, connection: socket.socket | None) -> None:
        self._connection = connection
        self._seen = 0
        self.received = 0
        self._wait()

    def _wait(self) -> None:
        self._timer = Timer(settings.UPLOAD_PATIENCE, self._look)
        self._timer.daemon = True
        if self._connection is not None:
            self._timer.start()

    def _look(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if self.received - self._seen >= settings.UPLOAD_SLOWEST * settings.UPLOAD_PATIENCE:
            self._seen = self.received
            self._wait()
            return
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)

    def stop(self) -> None:
        self._connection = None
        self._timer.cancel()


def chunks_of(request: HttpRequest) -> Iterator[bytes]:
    """Yield what arrives, until the end of the body, of the connection or of our patience."""
    watch = _Watch(request.META.get("gunicorn.socket"))
    try:
        while chunk := request.read(CHUNK):
            watch.received += len(chunk)
            yield chunk
    except UnreadablePostError:  # the line was cut
        return
    finally:
        watch.stop()
