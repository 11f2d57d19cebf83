"""The keys that other programs hold."""

from portal.api.models.api_token import ApiToken

__all__ = ["ApiToken"]
