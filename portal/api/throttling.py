"""How often one may ask: counted per token, else per person, else per address."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from portal.api.models import ApiToken


class ViewerRateThrottle(SimpleRateThrottle):
    """One rate for everybody (setting API_RATE); who is behind one token shares it."""

    scope = "viewer"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Return under which name this request counts."""
        if isinstance(request.auth, ApiToken):
            return f"api.rate:token:{request.auth.uuid}"
        if request.user is not None and request.user.is_authenticated:
            return f"api.rate:person:{request.user.pk}"
        return f"api.rate:address:{self.get_ident(request)}"
