"""Speaking to the server: one client that asks in haste, one that writes with patience.

Invariant: whatever goes wrong on the way or on the server leaves here as `SearchUnavailable`,
without the text of the request.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch, TransportError

from search.engines.base import RefusedQuestion, SearchUnavailable, TookTooLong

ASKING_SECONDS: Final = 1.0
WRITING_SECONDS: Final = 30.0
# Less than this is not worth another request.
_LEAST_SECONDS: Final = 0.02
# What the server says of a question, in whatever status, when time was up.
_TIME_IS_UP: Final = "search_timeout_exception"
_OF_THE_QUESTION: Final = frozenset({400, 413})


@lru_cache(maxsize=8)
def _client(process: int, url: str, api_key: str, ca_certs: str, patient: bool) -> Elasticsearch:
    options: dict[str, Any] = {}
    if api_key:
        options["api_key"] = api_key
    if ca_certs:
        options["ca_certs"] = ca_certs
    return Elasticsearch(
        url,
        request_timeout=WRITING_SECONDS if patient else ASKING_SECONDS,
        max_retries=3 if patient else 0,
        retry_on_timeout=patient,
        # Ours to decide: a breaker stands before the client that asks.
        dead_node_backoff_factor=0,
        connections_per_node=20,
        http_compress=False,
        **options,
    )


def _of_settings(*, patient: bool) -> Elasticsearch:
    found: dict[str, Any] = settings.ELASTICSEARCH
    if not found["url"]:
        raise SearchUnavailable("ELASTICSEARCH_URL is not set")
    # A connection that was opened before a fork must not be shared by two processes.
    return _client(os.getpid(), found["url"], found["api_key"], found["ca_certs"], patient)


def asking() -> Elasticsearch:
    """The client of requests that somebody waits for: a second, and no second try."""
    return _of_settings(patient=False)


def writing() -> Elasticsearch:
    """The client of the worker: half a minute, and three more tries."""
    return _of_settings(patient=True)


@contextmanager
def trouble() -> Iterator[None]:
    """Say every failure as `SearchUnavailable`. A refused request counts: another engine may do."""
    try:
        yield
    except ApiError as error:
        kind = error.error if isinstance(error.error, str) else ""
        said = f"Elasticsearch answered {error.status_code} {kind}"
        if _TIME_IS_UP in str(error.body):
            raise TookTooLong(said) from error
        if error.status_code in _OF_THE_QUESTION:
            raise RefusedQuestion(said) from error
        raise SearchUnavailable(said) from error
    except ConnectionTimeout as error:
        raise TookTooLong(f"Elasticsearch: {type(error).__name__}") from error
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch: {type(error).__name__}") from error


class Deadline:
    """What is left of the time that one answer may take, over all its requests."""

    def __init__(self, seconds: float = ASKING_SECONDS) -> None:
        self.until = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; raises TookTooLong when there are none."""
        seconds = self.until - time.monotonic()
        if seconds < _LEAST_SECONDS:
            raise TookTooLong("Elasticsearch took too long")
        return seconds
