"""What the upload page's script says, in the reader's language; {…} are filled in by it."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the texts by the names that the script knows."""
    return {
        "of": _("{sent} of {whole}"),
        "left": _("about {time} left"),
        "done": _("{done} of {number} files are done"),
        "open": _("Open {reference}"),
        "signedOut": _(
            "You are signed out. Open this page again, sign in and choose the same files: they go "
            "on where they stopped."
        ),
        "gone": _("You cannot add files to this place any more. Nothing of this file was stored."),
        "failed": _("This file could not be sent. Try it again."),
    }
