"""Errors as problem details (RFC 9457).

Invariant: forbidden and missing are one 404; a refused token is one 401, whatever was wrong with
it; no answer repeats what was asked for, beyond the name of a parameter, nor says anything about
what exists.
"""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from redis.exceptions import RedisError
from rest_framework import exceptions

from coalitions.documents.checked import RETRY_AFTER, FileClosed
from search.service import SearchUnavailable, TooManyLabels

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 30
DETAILS = {
    400: "A parameter cannot be read. See `errors`.",
    401: "The token is not valid. Check it, or ask an administrator of your organisation "
    "for a new one.",
    404: "There is nothing here for you. It may not exist, or it may not be shared with you.",
    405: "This interface is for reading. Use GET or HEAD.",
    406: "Answers are written in JSON. Send `Accept: application/json`.",
    409: "A virus was found in this file, or it could not be checked. It is not given out.",
    413: "The request is too large. Send it without a body.",
    415: "A request needs no body. Send it without one.",
    429: "Too many requests. Wait for as many seconds as `Retry-After` says.",
    500: "Something went wrong on our side.",
    503: "A part of the portal does not answer. Try again in a minute.",
}
_CLOSED = {503: "This file is being checked for viruses. Try again in a minute."}


class BadParameter(exceptions.ParseError):
    """A query parameter that cannot be understood: which one, and what to send instead."""

    def __init__(self, parameter: str, advice: str) -> None:
        super().__init__(advice)
        self.parameter = parameter
        self.advice = advice


def problem(
    status: int,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
    detail: str | None = None,
) -> HttpResponse:
    """Return an answer that says what went wrong and what to do."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS[status],
    }
    if errors:
        body["errors"] = errors
    return HttpResponse(
        json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def unreadable_address() -> HttpResponse:
    """Return the answer to an address with characters that no database takes."""
    advice = "Leave out NUL characters and lone surrogates."
    return problem(400, errors=[{"parameter": "", "detail": advice}])


def problem_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Return the problem for any exception of a view."""
    if isinstance(error, Http404 | PermissionDenied | exceptions.PermissionDenied):
        return problem(404)
    if isinstance(error, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        challenge = getattr(error, "auth_header", "Bearer")
        return problem(401, headers={"WWW-Authenticate": challenge})
    if isinstance(error, exceptions.Throttled):
        seconds = max(1, int(getattr(error, "wait", None) or RETRY_AFTER_SECONDS))
        return problem(429, headers={"Retry-After": str(seconds)})
    if isinstance(error, BadParameter):
        return problem(400, errors=[{"parameter": error.parameter, "detail": error.advice}])
    if isinstance(error, FileClosed):
        headers = {"Retry-After": str(RETRY_AFTER)} if error.status == 503 else {}
        return problem(error.status, headers=headers, detail=_CLOSED.get(error.status))
    if isinstance(error, RedisError | SearchUnavailable | TooManyLabels):
        logger.error("The API answers 503: %s", type(error).__name__)
        return problem(503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    if isinstance(error, exceptions.APIException) and error.status_code in DETAILS:
        return problem(error.status_code)
    return _unforeseen(error, context)


def _unforeseen(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Answer 500 and tell the operators, as Django does for other pages."""
    request: HttpRequest | None = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=None, request=request)
    logger.error("The API answers 500", exc_info=error)
    return problem(500)
