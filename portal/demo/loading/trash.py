"""What lies in the trash of the demonstration: a draft, and a folder with one more.

Invariant: found again by the mark of its upload, in the trash or restored from it, so that
loading again adds nothing.
"""

from __future__ import annotations

import io
import uuid
from typing import Final

from django.core.files.base import File
from django.db import transaction

from coalitions.documents.extraction import read_text_of
from coalitions.documents.models import Document, DocumentVersion, Folder
from coalitions.documents.services import (
    add_document,
    make_folder,
    trash_document,
    trash_folder,
)
from coalitions.network.models import Workspace
from portal.accounts.models import User
from portal.demo.loading.network import workspace_called
from portal.demo.network import DemoNetwork

NAMESPACE: Final = uuid.UUID("7d4b7e0e-6f2b-4b8f-8a0f-3b6e0c5a9d41")
PLACE: Final = "safe-roads-programme"
WHO: Final = "programmes@harbourlight.example"
FOLDER: Final = "Old drafts"
LONE: Final = (
    "agenda-steering-group-draft.txt",
    "Agenda of the steering group: first draft",
    """Agenda of the steering group, first draft

1. Welcome, and who takes the notes
2. What the baseline study tells us about bus stations
3. Money: where we are after three months
4. Who visits which town before the summer

The final agenda went out with the notes. This draft has the wrong date.
""",
)
IN_FOLDER: Final = (
    "posters-first-wording.txt",
    "Posters for bus stations: first wording",
    """Posters for bus stations, first wording

"Seen something that worries you? Ask at the ticket window."

Two stations have no ticket window any more. The wording was changed; this one is no longer used.
""",
)


def load_trash(network: DemoNetwork) -> None:
    """Upload what is missing, and put it into the trash."""
    workspace, person = workspace_called(network, PLACE), User.objects.get(email=WHO)
    with transaction.atomic():
        if not _is_there(LONE):
            trash_document(acting_user=person, document=_upload(LONE, workspace, person))
        if not _is_there(IN_FOLDER):
            folder = make_folder(acting_user=person, workspace=workspace, name=FOLDER)
            _upload(IN_FOLDER, workspace, person, folder)
            trash_folder(acting_user=person, folder=folder, revision=folder.revision)
    marks = [_mark(LONE), _mark(IN_FOLDER)]
    for version in DocumentVersion.objects.filter(submission__in=marks):
        read_text_of(version.pk)


def _mark(source: tuple[str, str, str]) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, source[0])


def _is_there(source: tuple[str, str, str]) -> bool:
    return DocumentVersion.objects.filter(submission=_mark(source)).exists()


def _upload(
    source: tuple[str, str, str], workspace: Workspace, person: User, folder: Folder | None = None
) -> Document:
    name, title, text = source
    return add_document(
        acting_user=person,
        workspace=workspace,
        folder=folder,
        content=File(io.BytesIO(text.encode())),
        name=name,
        title=title,
        language="en",
        submission=_mark(source),
    )
