"""Gives each request its viewer, lazily: a page that asks for none costs no query."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from coalitions.access import Viewer
from coalitions.network.viewers import viewer_for


class ViewerMiddleware:
    """Sets `request.viewer`, computed from the database on first use in this request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: viewer_for(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is looking, as the middleware found out."""
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]
