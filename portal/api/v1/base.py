"""What every address of API v1 has in common.

Invariant: reading only; the viewer is the token's, else the person's, else a stranger; what is
not public is stored by no cache; answers are in English, whoever asks.
"""

import hashlib
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import override
from rest_framework.exceptions import AuthenticationFailed, NotFound
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coalitions.access import Viewer

PRIVATE = "private, no-store"
# Whoever keeps a public answer asks again each time, so that what is narrowed is gone at once.
PUBLIC = "public, no-cache"


class Negotiation(DefaultContentNegotiation):
    """An empty `Accept` takes anything, as an absent one does."""

    def get_accept_list(self, request: Request) -> list[str]:
        """Return the media types that are accepted."""
        return [one for one in super().get_accept_list(request) if one] or ["*/*"]


class ApiView(APIView):
    """A view that reads. Subclasses write `get` and ask `self.viewer`."""

    content_negotiation_class: type[BaseContentNegotiation] = Negotiation
    http_method_names: ClassVar[list[str]] = ["get", "head"]  # type: ignore[misc]
    viewer: Viewer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in English, with the headers that say who may keep it."""
        with override("en"):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
        return self._with_headers(request, response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Negotiate, refuse other methods before anything is looked up, authenticate, count."""
        self.format_kwarg = None
        renderer, media_type = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = renderer, media_type
        request.version = request.versioning_scheme = None
        self.check_method(request)
        try:
            self.perform_authentication(request)
        except AuthenticationFailed:
            self.check_throttles(request)  # guessing is counted too, by address
            raise
        self.check_permissions(request)
        self.check_throttles(request)
        self.viewer = request._request.viewer  # type: ignore[attr-defined]

    def check_method(self, request: Request) -> None:
        """Refuse a method that does not read."""
        if (request.method or "").lower() not in self.http_method_names:
            self.http_method_not_allowed(request)

    def _with_headers(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        patch_vary_headers(response, ["Authorization", "Cookie"])
        response.headers["Content-Language"] = "en"
        known = "HTTP_AUTHORIZATION" in request.META or request.user.is_authenticated
        if known:
            response.headers["Cache-Control"] = PRIVATE
            return response
        if "Cache-Control" in response.headers:
            return response
        if response.status_code != 200:
            response.headers["Cache-Control"] = "no-store"
            return response
        response.headers["Cache-Control"] = PUBLIC
        if not isinstance(response, Response):
            return response
        etag = f'"{hashlib.sha256(response.rendered_content).hexdigest()[:32]}"'
        answer = get_conditional_response(request, etag=etag, response=response)
        assert answer is not None
        answer.headers["ETag"] = etag
        return answer


class UnknownAddress(ApiView):
    """Whatever else is asked for under /api/v1/, by any method."""

    permission_classes: ClassVar[list[Any]] = []  # type: ignore[misc]

    def check_method(self, request: Request) -> None:
        """Take any method: there is nothing here to read or to write."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer 404 after the token was looked at, as everywhere."""
        super().initial(request, *args, **kwargs)
        raise NotFound
