"""An organisation's token, sent as `Authorization: Bearer …`."""

from rest_framework.authentication import BaseAuthentication


class OrganisationTokenAuthentication(BaseAuthentication):
    """Recognises tokens."""
