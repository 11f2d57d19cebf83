"""Canary words, and how to look for them in whatever a viewer received.

A canary is a made-up word that stands in one text field of one thing. Stemmers leave it alone, so
that finding it in an answer, in any disguise, means that the field was shown.
"""

import base64
import binascii
import re
from functools import cache
from urllib.parse import unquote_plus

from coalitions.language import analyse

SYLLABLES = "bkdgfmpnrtvz"


def canary(number: int) -> str:
    """Return the canary with this number: consonants only, so that no stemmer shortens it.

    Long enough that none of its encoded forms stands in a random token by chance.
    """
    tail = "".join(SYLLABLES[(number // 12**place) % 12] for place in range(3))
    return f"Qx{tail * 4}qj"


@cache
def disguises(word: str) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the forms in which `word` could leave: as a word (folded, stemmed), and encoded."""
    forms = {word.casefold()}
    for language in ("en", "nl", "ar"):
        forms |= {token.casefold() for token in analyse(word, language)}
    encoded = {binascii.hexlify(word.encode())}
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + word.encode())
        encoded.add(whole[4:-4] if shift else whole[:-4])
    return frozenset(form.encode() for form in forms), frozenset(encoded)


def canaries_in(body: bytes, words: dict[str, str]) -> set[str]:
    """Return the names of the canaries that `body` shows; `words` maps word to name.

    Looked for as they stand, folded, percent-encoded, split by mark-up, stemmed, in hexadecimal
    and in base 64.
    """
    text = unquote_plus(body.decode("utf-8", "replace")).casefold().encode()
    together = re.sub(rb"<[^>]*>|\s+", b"", text)
    plain = b"qx" in text or b"qx" in together
    found = set()
    for word, name in words.items():
        forms, encoded = disguises(word)
        if (plain and any(form in text or form in together for form in forms)) or any(
            form in body for form in encoded
        ):
            found.add(name)
    return found
