"""Many documents as one ZIP, written while it is sent.

Invariant: each file comes from `downloads.version_for_archive`, asked with a viewer found out anew
when its turn comes, and its audit row is committed before its first byte leaves. No more than a
block of one file is held at a time. What cannot be put in any more is named, by its reference
alone, in a text file at the end.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalitions.access import Viewer
from coalitions.documents.checked import FileClosed
from coalitions.documents.downloads import neutral_name, version_for_archive
from coalitions.documents.folder_names import DEVICES
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentVersion

_FORBIDDEN: Final = re.compile(
    r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]'
)
# A name of a file on disk has at most 255 bytes; some are left for a number and the ending.
_LONGEST: Final = 180
_PRESSED: Final = frozenset({"text", "html"})


@dataclass(frozen=True)
class Entry:
    """One document of an archive, and the folders it lies in there."""

    uuid: UUID
    reference: str
    title: str
    folders: tuple[str, ...] = ()


def safe_name(text: str, fallback: str) -> str:
    """Return `text` as one part of a path on any system; `fallback` where nothing is left."""
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    name = " ".join(name.split())
    name = name.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore").strip(" .")
    return f"_{name}" if DEVICES.fullmatch(name) else name or fallback


@dataclass
class _Names:
    """Gives each file a path that no other has, also where capitals make no difference."""

    neutral: bool
    taken: set[str] = field(default_factory=set)

    def path_of(self, entry: Entry, version: DocumentVersion) -> str:
        if self.neutral:
            return self.once("", *_parted(neutral_name(version)))
        ending = kind_of(version.media_type).endings[0]
        folders = "".join(f"{safe_name(name, '_')}/" for name in entry.folders)
        title = entry.title.removesuffix(ending)
        return self.once(folders, safe_name(title, entry.reference), ending)

    def once(self, folders: str, stem: str, ending: str) -> str:
        path, number = f"{folders}{stem}{ending}", 1
        while (key := unicodedata.normalize("NFKC", path).casefold()) in self.taken:
            number += 1
            path = f"{folders}{stem} ({number}){ending}"
        self.taken.add(key)
        return path


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return stem, dot + ending


class _Pipe:
    """What `zipfile` writes into: keeps it until it is taken out. It cannot go back."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing lies deeper than `waiting`."""

    def close(self) -> None:
        """Nothing to close."""

    def taken(self) -> bytes:
        data = b"".join(self.waiting)
        self.waiting.clear()
        return data


def zip_of(
    entries: Iterable[Entry],
    *,
    viewer: Callable[[], Viewer],
    actor: Any | None,
    language: str,
    neutral: bool = False,
) -> Iterator[bytes]:
    """Yield the bytes of a ZIP with the present versions of `entries`.

    `viewer`: finds out who is looking, for each file anew. `language`: that of the text about
    what was left out. `neutral`: names and places tell nothing.
    """
    pipe, names, archive = _Pipe(), _Names(neutral), uuid4()
    left_out: list[str] = []
    with zipfile.ZipFile(pipe, "w") as out:
        for entry in entries:
            try:
                version, blocks = version_for_archive(
                    viewer(), entry.uuid, actor=actor, archive=archive
                )
            except (Http404, FileClosed):
                left_out.append(entry.reference)
                continue
            with out.open(_member(names.path_of(entry, version), version), "w") as member:
                for block in blocks:
                    member.write(block)
                    yield pipe.taken()
            yield pipe.taken()
        if left_out:
            with override(language):
                name, text = _about(left_out)
            out.writestr(names.once("", *_parted(name)), text)
    yield pipe.taken()


def _member(path: str, version: DocumentVersion) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, version.created.timetuple()[:6])
    pressed = kind_of(version.media_type).family in _PRESSED
    info.compress_type = zipfile.ZIP_DEFLATED if pressed else zipfile.ZIP_STORED
    info.file_size = version.size
    info.external_attr = 0o100640 << 16
    return info


def _about(left_out: list[str]) -> tuple[str, str]:
    """Return name and text of the file that says what is not there."""
    words = _(
        "These documents were left out. They were moved to the trash, or are not shared with you "
        "any more, since you chose them, or their files are being checked for viruses:"
    )
    return f"{safe_name(_('Left out'), 'Left out')}.txt", "\r\n".join([words, "", *left_out, ""])
