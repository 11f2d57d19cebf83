"""What the base template knows on every page.

Invariant: nothing here asks the database for content; a failing page can still be written.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from coalitions.access import STRANGER
from portal.accounts.services.notices import KEY as NOTICE_KEY
from portal.home.presentation.names import direction, reader_language

THEMES = frozenset({"light", "dark"})


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return viewer, languages, mode and theme for the templates."""
    user = getattr(request, "user", None)
    theme = ""
    signed_in = user is not None and user.is_authenticated
    if user is not None and signed_in:
        theme = getattr(user, "theme", "")
    session = getattr(request, "session", {})
    language = reader_language()
    return {
        "viewer": getattr(request, "viewer", STRANGER),
        "interface_languages": settings.INTERFACE_LANGUAGES,
        "demo_mode": settings.DEMO_MODE,
        "html_lang": language,
        "html_dir": direction(language),
        "theme": theme if theme in THEMES else "",
        "reading_notice_due": signed_in and bool(session.get(NOTICE_KEY)),
    }
