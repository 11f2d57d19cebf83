"""An organisation's token, sent as `Authorization: Bearer …`.

Invariant: whatever is sent in that header either is a usable token or is refused, always in the
same words: unknown, expired, revoked and malformed are not told apart.
"""

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from coalitions.network.viewers import viewer_for_token
from portal.api.models import ApiToken
from portal.api.services.tokens import note_use, token_of


class OrganisationTokenAuthentication(BaseAuthentication):
    """Recognises tokens, and gives the request the sight of the token instead of a person's."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        """Return nobody and the token; None where the header is absent."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        words = header.split()
        token = token_of(words[1]) if len(words) == 2 and words[0].lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed
        request._request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer_for_token(token.organisation, token.scopes, token.uuid)
        )
        note_use(token)
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return 'Bearer realm="api", error="invalid_token"'
