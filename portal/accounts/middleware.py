"""The language of an address, and a cache that is down.

Rate limits and used codes live in the cache. Without it nobody can be let in safely, so signing
in waits, said in words as 503; everything that needs no cache goes on.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 30
WITHOUT_LANGUAGE = ("/api/", "/admin/", "/django-admin/", "/media/", "/static/", "/feeds/")


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


class LanguageMiddleware(LocaleMiddleware):
    """Django's own, except that what has no language in its address is missing where it is.

    Django would send every missing address on to the same one under /en/, also those of programs.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer; the 404 of an address without a language stays a 404."""
        if response.status_code == 404 and request.path.startswith(WITHOUT_LANGUAGE):
            return response
        return super().process_response(request, response)
