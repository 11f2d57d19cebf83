"""The portal's own user model, and what people ask of their accounts."""

from portal.accounts.models.acknowledgement import Acknowledgement
from portal.accounts.models.reset_request import PasswordResetRequest
from portal.accounts.models.user import User

__all__ = ["Acknowledgement", "PasswordResetRequest", "User"]
