"""Pages as they look in the admin's preview frame."""

from typing import Any

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse


class FramedPreview:
    """Lets a preview, and a preview alone, stand in a frame of our own admin."""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer with the draft; who may ask is decided by the admin's page permissions."""
        response: Any = super().serve_preview(request, mode_name)  # type: ignore[misc]
        response._csp_replace = {"frame-ancestors": [SELF]}
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response  # type: ignore[no-any-return]
