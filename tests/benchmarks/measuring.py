"""Queries and time of two addresses, asked in turn.

Invariant: both are answered by Django's own WSGI handler in this process, one after the other
in every round, so that whatever else the machine does weighs on both alike.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings

from tests.benchmarks import plain

Ask = Callable[[], bytes]
WARM_UP, ROUNDS = 3, 40


@dataclass(frozen=True)
class Measured:
    """One page beside its plain view: queries, and median milliseconds."""

    name: str
    queries: int
    plain_queries: int
    milliseconds: float
    plain_milliseconds: float

    @property
    def ratio(self) -> float:
        """How many times the plain view's time the page takes."""
        return self.milliseconds / self.plain_milliseconds


class PlainHandler(WSGIHandler):
    """Answers from the addresses of the plain views."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        request.urlconf = plain.__name__  # type: ignore[attr-defined]
        return super().get_response(request)


def handlers() -> tuple[WSGIHandler, WSGIHandler]:
    """Return the portal as it is installed, and the plain views without any middleware."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    with override_settings(WHITENOISE_AUTOREFRESH=False, WHITENOISE_USE_FINDERS=False):
        portal = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        return portal, PlainHandler()


def asking(handle: WSGIHandler, address: str, headers: dict[str, str] | None = None) -> Ask:
    """Return what asks `address` of `handle` and gives the body; anything but 200 is an error."""
    environ = RequestFactory().get(address, headers=headers).environ

    def ask() -> bytes:
        said: list[str] = []
        response = handle(
            {**environ, "wsgi.input": BytesIO()}, lambda status, *_rest: said.append(status)
        )
        body = b"".join(response)
        response.close()
        assert said == ["200 OK"], (address, said)
        return body

    return ask


def queries_of(ask: Ask) -> int:
    """Return how many queries an answer costs."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def compare(name: str, page: Ask, bare: Ask) -> Measured:
    """Measure `page` beside its plain view."""
    for _ in range(WARM_UP):
        page()
        bare()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for ask, taken in zip((page, bare), times, strict=True):
            started = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - started)
    median, plain_median = (1000 * statistics.median(taken) for taken in times)
    return Measured(name, queries_of(page), queries_of(bare), median, plain_median)


def table(rows: list[Measured]) -> str:
    """Return the measurements as an aligned table."""
    lines = [("page", "queries", "plain", "ratio", "ms", "plain ms")] + [
        (
            row.name,
            f"{row.queries}",
            f"{row.plain_queries}",
            f"{row.ratio:.1f}",
            f"{row.milliseconds:.1f}",
            f"{row.plain_milliseconds:.1f}",
        )
        for row in rows
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
