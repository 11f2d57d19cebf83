"""What tus 1.0 says in headers: reading them, and what this server offers. Pure.

Invariant: whatever a client writes, the answer is a value or a BadRequest with words.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,checksum,termination"
PART_TYPE: Final = "application/offset+octet-stream"
METADATA_LONGEST: Final = 8 * 1024
_DIGITS: Final = 18
ALGORITHMS: Final[dict[str, Callable[[], Any]]] = {
    # The protocol asks for SHA-1 from every server; it finds damage, not forgery.
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
}


class Refused(Exception):
    """A request that is answered with `status` and words."""

    def __init__(self, status: int, message: Any, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.message = message
        self.headers = headers


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one part must come to."""

    algorithm: str
    digest: bytes

    def begin(self) -> Any:
        """Return a hash to be fed."""
        return ALGORITHMS[self.algorithm]()


def number(header: str | None, name: str) -> int:
    """Return the number that a header holds."""
    text = header or ""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Refused(400, _("The header %(name)s must be a whole number.") % {"name": name})
    return int(text)


def checksum(header: str | None) -> Checksum | None:
    """Return the checksum that a part is sent with, None where it has none."""
    if not header:
        return None
    algorithm, _space, text = header.partition(" ")
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise Refused(400, _("This checksum is not known here. Known are: %s.") % known)
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != ALGORITHMS[algorithm]().digest_size:
        raise Refused(400, _("The checksum cannot be read."))
    return Checksum(algorithm, digest)


def metadata(header: str | None) -> dict[str, str]:
    """Return the keys and texts of an Upload-Metadata header."""
    unreadable = Refused(400, _("The header Upload-Metadata cannot be read."))
    if header and len(header) > METADATA_LONGEST:
        raise unreadable
    found: dict[str, str] = {}
    for pair in (header or "").split(",") if header else ():
        key, _space, text = pair.strip().partition(" ")
        if not key or key in found:
            raise unreadable
        try:
            found[key] = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            raise unreadable from None
        if "\x00" in found[key]:
            raise unreadable
    return found
