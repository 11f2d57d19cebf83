"""What `make run` needs of the demonstration: whether to load it, and its password.

Invariant: the password is printed to the terminal and kept in one file that only its owner reads.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model

from coalitions.network.models import Organisation
from portal.demo.loading import state


def is_wanted() -> bool:
    """Say whether to load: into an empty database, to finish loading, for another password."""
    if state.is_demonstration():
        chosen = os.environ.get("PORTAL_DEMO_PASSWORD")
        return not state.is_complete() or bool(chosen and chosen != _kept())
    users = get_user_model()._default_manager
    return not users.exists() and not Organisation.objects.exists()


def kept_password() -> str:
    """Return the demonstration's password: PORTAL_DEMO_PASSWORD, else the kept one, else a new."""
    chosen = os.environ.get("PORTAL_DEMO_PASSWORD")
    password = chosen or _kept() or secrets.token_urlsafe(9)
    if password != _kept():
        _path().parent.mkdir(parents=True, exist_ok=True)
        _path().touch(mode=0o600)
        _path().chmod(0o600)
        _path().write_text(password + "\n", encoding="utf-8")
    return password


def _path() -> Path:
    return Path(settings.VAR_DIR) / "demo-password"


def _kept() -> str:
    return _path().read_text(encoding="utf-8").strip() if _path().exists() else ""
