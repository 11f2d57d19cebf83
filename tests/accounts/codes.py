"""Codes as an authenticator app shows them."""

import time

from allauth.mfa.totp.internal import auth

from portal.accounts.models import User


def set_up(user: User) -> str:
    """Give `user` an authenticator app; return its secret."""
    secret: str = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret


def code_of(secret: str, step: int = 0) -> str:
    """Return the code that the app shows now, or `step` half minutes later."""
    return str(auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + step)))
