"""What a file says about the people who made it, in words; and a file without that.

Invariant: what a file says is told to those alone who may edit its document, is read when they
ask, and is written down nowhere: neither in rows nor in logs. Hostile files are read, and written
anew, in a process apart.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.files.base import File
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.documents import sandbox
from coalitions.documents.media_types import MediaKind, kind_of
from coalitions.documents.models import DocumentVersion
from coalitions.documents.reading.traces import NAMELESS
from coalitions.documents.reasons import reason_in_words
from coalitions.documents.refusals import FileRefused

FAMILIES: Final = frozenset({"pdf", "docx", "pptx", "xlsx", "odf"})
_WORDS: dict[str, str | Promise] = {
    "author": _("Author"),
    "editor": _("Last changed or printed by"),
    "company": _("Organisation"),
    "manager": _("Manager"),
    "commenter": _("Commented or changed the text"),
    "custom": _("Property that somebody added"),
    "path": _("Place on somebody’s computer"),
    "camera": _("Pictures with data of a camera, such as place and time"),
    "private": _("Pages with hidden data of a program"),
    "unread": _("Properties that cannot be read"),
    "program": _("Made with"),
    "changes": _("Tracked changes"),
    "attachments": _("Files attached to it"),
}
_KEPT: dict[str, str | Promise] = {
    "program": _("The name of a program may stay."),
    "changes": _("They stay, without the names of those who made them."),
    "attachments": _("They are not looked into, and stay as they are."),
}
_REASONS: dict[str, str | Promise] = {
    "signed": _("The file is signed. Its signature would not hold any more."),
    "traces-stay": _("Some of it cannot be taken out here. Do so in the program that made it."),
}


@dataclass(frozen=True)
class Trace:
    """One thing that a file says. `text`: empty where it is only counted."""

    code: str
    text: str
    times: int

    @property
    def words(self) -> str:
        """What kind of thing it is."""
        return str(_WORDS.get(self.code, self.code))

    @property
    def kept(self) -> str:
        """Why it stays when names are taken out; empty for what goes."""
        return str(_KEPT.get(self.code, ""))

    @property
    def names_people(self) -> bool:
        """Whether it may lead to a person."""
        return self.code not in NAMELESS


@dataclass(frozen=True)
class Traces:
    """All that a file says, or why that cannot be known (`reason`: a code)."""

    rows: list[Trace]
    signed: bool = False
    reason: str = ""

    @property
    def names(self) -> int:
        """How many things may lead to a person."""
        return sum(row.names_people for row in self.rows)

    @property
    def reason_words(self) -> str:
        """Why it cannot be known."""
        return words_of(self.reason) if self.reason else ""


def has_traces(media_type: str) -> bool:
    """Whether files of this type say who made them, in places that are looked at here."""
    return kind_of(media_type).family in FAMILIES


def words_of(reason: str) -> str:
    """Return why names could not be read or taken out."""
    return str(_REASONS.get(reason) or reason_in_words(reason))


def traces_in(version: DocumentVersion) -> Traces:
    """Return what the file of a version says. Raises FileClosed, as every reading does."""
    kind = kind_of(version.media_type)
    if kind.family == "locked":
        return Traces([], reason="encrypted")
    try:
        with sandbox.local_file(version) as source:
            answer = sandbox.run("traces", kind.family, kind.media_type, source)
    except (sandbox.StorageMisses, OSError):
        answer = {"reason": "missing"}
    rows = [Trace(code, text, times) for code, text, times in answer.get("found", [])]
    return Traces(rows, bool(answer.get("signed")), str(answer.get("reason", "")))


@contextmanager
def without_traces(source: Path, kind: MediaKind, name: str) -> Iterator["File[Any]"]:
    """Give a file that says nothing about people any more; FileRefused where there is none."""
    if kind.family not in FAMILIES:
        raise AuthorsStay("encrypted" if kind.family == "locked" else "broken")
    with tempfile.TemporaryDirectory(dir=sandbox.work_folder(), prefix="nameless-") as folder:
        target = Path(folder) / "nameless"
        answer = sandbox.run("remove", kind.family, kind.media_type, source, str(target))
        if answer.get("reason") or not target.is_file():
            raise AuthorsStay(str(answer.get("reason") or "broken"))
        with target.open("rb") as file:
            yield File(file, name)


class AuthorsStay(FileRefused):
    """A file of which names cannot be taken out; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__("authors")
        self.reason = reason

    @property
    def reason_words(self) -> str:
        """Why not."""
        return words_of(self.reason)


def nameless(content: "File[Any]", kind: MediaKind, name: str) -> "File[Any]":
    """Return a file on its way in without what it says about people.

    Files of other types are returned as they are. Raises FileRefused where names would stay.
    """
    if kind.family == "locked":
        raise AuthorsStay("encrypted")
    if kind.family not in FAMILIES:
        return content
    with tempfile.NamedTemporaryFile(dir=sandbox.work_folder(), prefix="named-") as named:
        for chunk in content.chunks():
            named.write(chunk)
        named.flush()
        with without_traces(Path(named.name), kind, name) as cleaned:
            # Without a name on the disk, so that nothing is left by a process that is killed.
            copy = tempfile.TemporaryFile(dir=sandbox.work_folder())  # noqa: SIM115 - returned
            shutil.copyfileobj(cleaned, copy)
    copy.seek(0)
    return File(copy, name)
