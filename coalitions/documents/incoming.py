"""A file on its way in: what it is, its checksum, its name made safe, and into the storage.

Invariant: nothing of the sender's name becomes a path; the storage's name is a uuid.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File

from coalitions.access import Viewer
from coalitions.crash_points import reached
from coalitions.documents.authors import nameless
from coalitions.documents.media_types import MediaKind
from coalitions.documents.models import Document, DocumentVersion
from coalitions.documents.models.version import documents_storage
from coalitions.documents.pictures_in import without_camera_data
from coalitions.documents.refusals import FileRefused
from coalitions.documents.sniffing import kind_of_file, name_for

_UNSAFE = re.compile(r"[\\/:*?\"<>|]")


@dataclass(frozen=True)
class Incoming:
    """A file that was looked at and may be stored."""

    content: "File[Any]"
    name: str
    kind: MediaKind
    size: int
    sha256: str


def examine(content: "File[Any]", name: str, *, authors_out: bool = False) -> Incoming:
    """Return what `content` is; raise FileRefused when the portal does not keep it.

    What is to be stored is `Incoming.content`: of a picture, without what the camera wrote into it;
    `authors_out`: without what it says about the people who made it.
    """
    if content.size > settings.DOCUMENT_MAX_BYTES:
        raise FileRefused("too-large")
    kind = kind_of_file(content, name)
    content = without_camera_data(content, kind)
    if authors_out:
        content = nameless(content, kind, name)
    digest = hashlib.sha256()
    size = 0
    for chunk in content.chunks():
        digest.update(chunk)
        size += len(chunk)
    reached("upload.examined")
    return Incoming(content, name_for(safe_name(name), kind), kind, size, digest.hexdigest())


def safe_name(name: str) -> str:
    """Return `name` without folders, control and direction characters, 255 characters at most."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        char for char in unicodedata.normalize("NFC", name) if unicodedata.category(char)[0] != "C"
    )
    name = _UNSAFE.sub("_", name).strip(" .") or "file"
    if len(name) <= 255:
        return name
    ending = PurePosixPath(name).suffix[:20]
    return name[: 255 - len(ending)] + ending


def title_from(name: str) -> str:
    """Return a first title for a file called `name`."""
    stem = safe_name(name).rsplit(".", 1)[0]
    return " ".join(stem.replace("_", " ").split())[:255] or "File"


def store(incoming: Incoming) -> tuple[UUID, str]:
    """Put the file into the storage; return the version's uuid and the file's name there."""
    uuid = uuid4()
    incoming.content.seek(0)
    stored: str = documents_storage().save(f"{uuid.hex[:2]}/{uuid}", incoming.content)
    reached("upload.stored")
    return uuid, stored


def already_here(viewer: Viewer, sha256: str) -> DocumentVersion | None:
    """Return a version with these bytes among the documents that `viewer` may see."""
    return (
        DocumentVersion.objects.filter(
            sha256=sha256, document__in=Document.objects.visible_to(viewer)
        )
        .select_related("document")
        .order_by("pk")
        .first()
    )


def sent_before(user: Any, submission: UUID | None, sha256: str) -> DocumentVersion | None:
    """Return what `user` sent already with the same form and the same bytes."""
    if submission is None:
        return None
    return (
        DocumentVersion.objects.filter(uploader=user, submission=submission, sha256=sha256)
        .select_related("document")
        .first()
    )
