"""Three promises kept for every page: clean input, nothing cached, one missing page.

Invariant (architecture, 2 and 3): forbidden and missing are answered alike, and what a signed-in
person reads is stored by no cache.
"""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_INLINE
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.defaults import page_not_found

GetResponse = Callable[[HttpRequest], HttpResponse]
SIGN_IN_SECTIONS = ("workspaces", "documents", "my")

# Wagtail's admin has inline scripts, inline styles and previews in frames.
ADMIN_CSP = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
}


def is_unreadable(text: str) -> bool:
    """Return whether `text` holds a NUL or a lone surrogate, which no database column takes."""
    return "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text)


class InputGuardMiddleware:
    """Answers 400, in words, to an address with characters that cannot be stored or compared."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name in [name for name, text in request.COOKIES.items() if is_unreadable(text)]:
            # Not ours, and no database takes it as the key of a session.
            del request.COOKIES[name]
        values = (text for pair in request.GET.lists() for text in (pair[0], *pair[1]))
        if is_unreadable(request.path) or any(is_unreadable(text) for text in values):
            request.GET = request.GET.__class__()
            if request.path.startswith("/api/"):
                from portal.api.problems import unreadable_address

                return unreadable_address()
            return HttpResponse(
                "400: the address holds a character that cannot be read. Type it again.\n",
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class PrivacyHeadersMiddleware:
    """`private, no-store` for signed-in people; its own Content-Security-Policy for the admin."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        if not request.path.startswith(("/static/", "/api/")):
            patch_vary_headers(response, ["Cookie"])
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_CSP  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


def section_of(path: str) -> str:
    """Return the first part of an address after its language: "documents" of /en/documents/x/."""
    parts = path.strip("/").split("/")
    return parts[1] if len(parts) > 1 else ""


class OneMissingPageMiddleware:
    """Every refusal becomes the missing page; strangers in closed sections are sent to sign in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        closed = section_of(request.path) in SIGN_IN_SECTIONS
        if response.status_code == 404 and closed and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer NotAllowed and PermissionDenied like a missing page (the admin keeps its own)."""
        if request.path.startswith(("/admin/", "/api/")):
            return None
        if isinstance(error, PermissionDenied):
            return page_not_found(request, Http404())
        return None
