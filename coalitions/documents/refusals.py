"""Why a file is not taken, in words that say what to do.

Invariant: a refusal speaks of the sent file, or of the document that it was sent to, alone.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.documents.media_types import ALLOWED_NAMES

_WORDS: dict[str, str | Promise] = {
    "audience": _(
        "You cannot share a file so far any more. Choose again who will see it, and send it again."
    ),
    "empty": _("This file is empty (0 bytes). Choose the file again, or save it anew."),
    "too-large": _("This file is larger than %(limit)s. Make it smaller or split it."),
    "disk": _(
        "There is no room for this file at present. Tell whoever looks after the portal, and send "
        "it again later."
    ),
    "too-many": _("At most %(count)s files are taken at once. Send this one again by itself."),
    "type": _("Files of this type are not taken. Taken are: %(types)s."),
    "archive": _("Archives such as ZIP are not taken. Send the files in it. Taken are: %(types)s."),
    "mismatch": _(
        "This file is not what its name says: its content is plain text. "
        "Open it in its program and save it again."
    ),
    "picture": _(
        "This picture is damaged, so that the place and the names that a camera writes into it "
        "cannot be removed. Open it in a program for pictures and save it again."
    ),
    "authors": _(
        "What this file says about its authors cannot be taken out: it is locked, signed, damaged "
        "or too large for that. Take it out in the program that made it, or send the file without "
        "that choice."
    ),
    "macros": _("This file holds macros. Save it without macros (.docx, .pptx, .xlsx or .odt)."),
    "old-office": _(
        "This is a Word, Excel or PowerPoint file of before 2007. Save it as .docx, .xlsx or .pptx."
    ),
    "reserved": _(
        "Somebody else is editing this document. Keep your file until they are done, or ask a "
        "coordinator to lift the reservation."
    ),
}


class InWords(Exception):
    """A refusal that can be read: `code` says which of `WORDS` is the reason and the way out."""

    WORDS: ClassVar[Mapping[str, str | Promise]]

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def facts(self) -> Mapping[str, object]:
        """What stands in the words at their places."""
        return {}

    @property
    def message(self) -> str:
        """The reason and the way out, for the person who is refused."""
        return str(self.WORDS[self.code]) % self.facts


class FileRefused(InWords):
    """A file that the portal does not keep."""

    WORDS = _WORDS

    @property
    def facts(self) -> Mapping[str, object]:
        """The limits that are spoken of."""
        return {
            "limit": filesizeformat(settings.DOCUMENT_MAX_BYTES),
            "count": settings.DOCUMENT_MAX_FILES,
            "types": ALLOWED_NAMES,
        }
