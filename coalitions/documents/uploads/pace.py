"""The body of a request, chunk by chunk, for as long as its sender keeps up.

Invariant: a sender who is slower than UPLOAD_SLOWEST bytes a second, after UPLOAD_PATIENCE seconds,
gives the thread that waits for them back to others. What came until then stays; tus goes on there.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Timer
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError

CHUNK: Final = 64 * 1024


class _Watch:
    """Ends the receiving side of a connection when its time is over, from another thread.

    The one that receives waits in the kernel, where only the end of the connection reaches it.
    Gunicorn names the connection; servers that do not are asked between two chunks.
    """

    def __init__(self, connection: socket.socket | None) -> None:
        self._connection = connection
        self._started = time.monotonic()
        self._timer: Timer | None = None
        self.received = 0
        self._wait()

    @property
    def left(self) -> float:
        allowed = settings.UPLOAD_PATIENCE + self.received / settings.UPLOAD_SLOWEST
        return float(self._started + allowed - time.monotonic())

    def _wait(self) -> None:
        if self._connection is not None:
            self._timer = Timer(max(self.left, 0.1), self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        if self.left > 0:
            self._wait()
        elif self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RD)

    def stop(self) -> None:
        self._connection = None
        if self._timer is not None:
            self._timer.cancel()


def chunks_of(request: HttpRequest) -> Iterator[bytes]:
    """Yield what arrives, until the end of the body, of the connection or of our patience."""
    watch = _Watch(request.META.get("gunicorn.socket"))
    try:
        while watch.left > 0:
            chunk = request.read(CHUNK)
            if not chunk:
                return
            watch.received += len(chunk)
            yield chunk
    except UnreadablePostError:  # the line was cut
        return
    finally:
        watch.stop()
