"""What `make run` needs of the demonstration: whether to load it, its password, its sign-ins.

Invariant: the password is printed to the terminal and kept in one file that only its owner reads.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model

from coalitions.network.models import Organisation
from portal.demo.network import read_network


def is_wanted() -> bool:
    """Say whether to load the demonstration: into an empty database, or to finish loading it."""
    if _unfinished_mark().exists():
        return True
    users = get_user_model()._default_manager
    return not users.exists() and not Organisation.objects.exists()


@contextmanager
def being_loaded() -> Iterator[str]:
    """Give the password to load with; what is interrupted is taken up again at the next start."""
    password = kept_password()
    mark = _unfinished_mark()
    mark.touch()
    yield password
    mark.unlink()


def _unfinished_mark() -> Path:
    return Path(settings.VAR_DIR) / "demonstration-unfinished"


def kept_password() -> str:
    """Return the demonstration's password: the kept one, else PORTAL_DEMO_PASSWORD, else random.

    The kept one comes first: it is the one that the accounts were made with.
    """
    path = Path(settings.VAR_DIR) / "demo-password"
    if path.exists() and (kept := path.read_text(encoding="utf-8").strip()):
        return kept
    password = os.environ.get("PORTAL_DEMO_PASSWORD") or secrets.token_urlsafe(9)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(password + "\n", encoding="utf-8")
    return password


def sign_ins() -> list[tuple[str, str]]:
    """Return address and role of the demonstration's people who are in the database."""
    people = read_network().sign_ins()
    addresses = [person.email for person in people]
    users = get_user_model()._default_manager
    present = set(users.filter(email__in=addresses).values_list("email", flat=True))
    return [(person.email, person.name) for person in people if person.email in present]
