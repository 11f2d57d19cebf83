"""How the network's things are named on pages and in choices.

Invariant: a need-to-know workspace is named only to its members; elsewhere by its reference.
"""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalitions.language.characters import fold
from coalitions.network.models import Workspace


def _names() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def country_name(code: str) -> str:
    """Return the name of an ISO 3166-1 country in the active language."""
    return str(_names().territories.get(code, code))


def by_name(text: str) -> str:
    """Return what a name is sorted by: case and accents do not count."""
    return fold(text)


def language_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return codes and their names in the active language."""
    names = _names().languages
    return [(code, str(names.get(code, code)).capitalize()) for code in codes]


def workspace_title(workspace: Workspace) -> str:
    """Return the name for people who are not known to be members."""
    if workspace.need_to_know:
        return _("Workspace %(reference)s (need to know)") % {"reference": workspace.reference}
    return workspace.name
