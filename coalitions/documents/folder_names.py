"""What a folder may be called, and when two names are the same.

Invariant: two names that differ only in case, accents or white space are one name, and every name
can stand in the path of an archive on any system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coalitions.documents.refusals import InWords
from coalitions.language import clean, fold, has_signs

LONGEST: Final = 120
LONGEST_KEY: Final = 255
DEEPEST: Final = 12
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|]')
# Windows keeps these for devices, with any ending.
DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

_WORDS: Final = {
    "empty": _("Give the folder a name with at least one letter, digit or sign."),
    "long": _("A folder's name has at most %(longest)s characters. Shorten it."),
    "signs": _("A folder's name cannot hold any of \\ / : * ? \" < > |. Leave them out."),
    "device": _("Some systems keep this name for themselves. Choose another one."),
    "taken": _(
        "There is a folder of that name here already (capitals and accents make no "
        "difference). Choose another name."
    ),
    "deep": _("A folder can lie in at most %(deepest)s levels. Choose a place further up."),
    "inside": _("A folder cannot be moved into itself or into a folder in it."),
    "many": _(
        "A workspace has at most %(most)s folders, and there is no room for more here. Use those "
        "that are there, or put some into the trash."
    ),
    "elsewhere": _("That folder is in another workspace, or is not there any more."),
    "meanwhile": _(
        "Somebody else changed this meanwhile. Look at where it is now, and do it again if you "
        "still want to."
    ),
}


class FolderRefused(InWords, ValueError):
    """A name or a place that a folder cannot have."""

    WORDS = _WORDS

    @property
    def facts(self) -> Mapping[str, object]:
        """The limits that are spoken of."""
        return {
            "longest": LONGEST,
            "deepest": DEEPEST,
            "most": settings.WORKSPACE_MAX_FOLDERS,
        }


def folder_name(typed: str) -> str:
    """Return the name as it is kept. Raises FolderRefused."""
    name = " ".join(unicodedata.normalize("NFC", clean(typed)).split())
    if not has_signs(name) or not name.strip(". "):
        raise FolderRefused("empty")
    if len(name) > LONGEST:
        raise FolderRefused("long")
    if len(folder_key(name)) > LONGEST_KEY:
        # Some signs of one letter stand for whole sentences.
        raise FolderRefused("long")
    if _FORBIDDEN.search(name):
        raise FolderRefused("signs")
    if DEVICES.fullmatch(name):
        raise FolderRefused("device")
    return name.rstrip(". ")


def free_name(name: str, taken: Collection[str]) -> str:
    """Return `name`, or "name (2)", "name (3)"… where its key is among those `taken`."""
    number, free = 1, fitting(name)
    while folder_key(free) in taken:
        number += 1
        free = fitting(name, f" ({number})")
    return free


def fitting(name: str, ending: str = "") -> str:
    """Return `name` with `ending`, cut before it so that the whole and its key can be kept."""
    start = name[: LONGEST - len(ending)]
    while len(folder_key(start + ending)) > LONGEST_KEY:
        start = start[:-1]
    return (start.rstrip() + ending).strip()


def folder_key(name: str) -> str:
    """Return what two names have in common that are the same name."""
    return " ".join((fold(name) or name.casefold()).split())
