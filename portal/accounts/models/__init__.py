"""The portal's own user model."""

from portal.accounts.models.user import User

__all__ = ["User"]
