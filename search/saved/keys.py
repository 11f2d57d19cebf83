"""The keys of feeds, and the signed links that stop mails.

Invariant: a feed's key is shown once and kept as a digest that cannot be compared with a guess
without SECRET_KEY. The two kinds of link are signed apart: neither opens the other.
"""

from __future__ import annotations

import secrets
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

PREFIX: Final = "nps_"
KEY_BYTES: Final = 32
MAX_KEY: Final = 100
_FEED: Final = "search.saved.feed"
_STOP: Final = "search.saved.stop"


def new_key() -> str:
    """A key that nobody guesses."""
    return PREFIX + secrets.token_urlsafe(KEY_BYTES)


def digests_of(key: str) -> list[str]:
    """What is kept of a key: under the present SECRET_KEY first, then under retired ones."""
    return [
        salted_hmac(_FEED, key, secret=secret, algorithm="sha256").hexdigest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def is_key(key: str) -> bool:
    """Whether this could be a key at all."""
    return key.startswith(PREFIX) and len(key) <= MAX_KEY and key.isascii()


def stop_token(person: Any) -> str:
    """The part of the address by which this person stops all mails about saved searches."""
    return signing.dumps(person.uuid.hex, salt=_STOP)


def person_to_stop(token: str) -> UUID | None:
    """The uuid that `token` was made for; None for a forged one."""
    try:
        return UUID(signing.loads(token, salt=_STOP))
    except (signing.BadSignature, ValueError, TypeError, AttributeError, UnicodeError):
        return None
