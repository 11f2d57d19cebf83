"""Names of languages, countries and rungs in the reader's language.

Invariant: every function answers with something readable, also for codes nobody knows.
"""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

RUNG_NAMES: dict[str, Promise] = {
    "members": _("Members only"),
    "organisation": _("Organisation"),
    "workspace": _("Workspace"),
    "coalition": _("Coalition"),
    "network": _("Network"),
    "public": pgettext_lazy("audience", "Public"),
}
RUNG_ICONS: dict[str, str] = {
    "members": "lock",
    "organisation": "building-2",
    "workspace": "folder-lock",
    "coalition": "users",
    "network": "waypoints",
    "public": "globe",
}


@cache
def _locale(code: str) -> Locale:
    """Return the name tables of the interface language `code`, English when there are none."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def reader_language() -> str:
    """Return the code of the language in which the page is being written."""
    return get_language() or settings.LANGUAGE_CODE


def language_name(code: str) -> str:
    """Return the name of a language for the reader: “Arabic”, “Arabe”, “Arabisch”."""
    known = _locale(reader_language()).languages.get(code.lower().replace("-", "_"))
    return known[:1].upper() + known[1:] if known else code


def own_language_name(code: str) -> str:
    """Return the name of a language in itself: “العربية”, “Français”."""
    known = _locale(code).languages.get(code)
    return known[:1].upper() + known[1:] if known else code


def country_name(code: str) -> str:
    """Return the name of an ISO 3166-1 country for the reader."""
    known = _locale(reader_language()).territories.get(code.upper())
    return str(known) if known else code


def direction(code: str) -> str:
    """Return `rtl` or `ltr` for a language code, by its main part."""
    return "rtl" if code.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"
