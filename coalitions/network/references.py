"""Short references such as D-3F7K: random, never counters, so that none can be guessed from
another or tells how many there are."""

import secrets

from django.db import models

# No vowels (no words), no 0/O, 1/I/L, 5/S look-alikes.
ALPHABET = "2346789BCDFGHJKMNPQRTVWXYZ"


def new_reference(model: type[models.Model], prefix: str) -> str:
    """Return an unused reference for a new row of `model`, for example "W-3F7K".

    Four characters at first; one more whenever ten draws in a row were taken.
    """
    length = 4
    while True:
        for _attempt in range(10):
            reference = f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))
            if not model._default_manager.filter(reference=reference).exists():
                return reference
        length += 1
