"""The cache is down: said in words, as 503, instead of an error page.

Rate limits and used codes live in the cache. Without it nobody can be let in safely, so signing
in waits; everything that needs no cache goes on.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 30


class CacheOutageMiddleware:
    """Answers 503 where a view needed the cache and it did not answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for RedisError; anything else goes on."""
        if not isinstance(error, RedisError):
            return None
        logger.error("The cache does not answer: %s", type(error).__name__)
        response = render(request, "accounts/unavailable.html", status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
