"""Keys for one purpose each, derived from SECRET_KEY.

Invariant: SECRET_KEY itself encrypts and signs nothing here, and a key of one purpose tells
nothing about another. A retired SECRET_KEY in SECRET_KEY_FALLBACKS still reads, never writes.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

LENGTH = 32


def derived_keys(purpose: str) -> list[bytes]:
    """Return the 256-bit keys of `purpose`: the present one first, then those of the fallbacks."""
    masters = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_derive(master, purpose) for master in masters]


def _derive(master: str | bytes, purpose: str) -> bytes:
    derivation = HKDF(algorithm=hashes.SHA256(), length=LENGTH, salt=None, info=purpose.encode())
    return derivation.derive(force_bytes(master))
