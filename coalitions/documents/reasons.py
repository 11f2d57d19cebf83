"""Why the text of a file could not be read, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REASONS: dict[str, str | Promise] = {
    "encrypted": _("The file is locked with a password."),
    "broken": _("The file is damaged, or is not what it claims to be."),
    "hostile": _("The file is built in a way that would harm a program that reads it."),
    "no-text-layer": _("The file was scanned: its pages are pictures without text."),
    "no-text": _("There is no text in the file."),
    "picture": _("A picture has no text."),
    "too-large": _("There is more in the file than can be read."),
    "too-slow": _("Reading the file took too long."),
    "crashed": _("The program that reads such files stopped at this one."),
    "missing": _("The file is missing from the storage. Tell the people who run this portal."),
}


def reason_in_words(code: str) -> str:
    """Return the reason for a code; a general one for a code nobody knows."""
    return str(_REASONS.get(code, _REASONS["broken"]))
