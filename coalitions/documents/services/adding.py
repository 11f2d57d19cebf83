"""Adding documents and versions.

Invariant: the file is complete in the storage before its row is written, and a form that is sent
twice (same `submission`, same bytes, same person) adds once. Both rows, their audit and the job
that reads the text are committed together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Max

from coalitions.access import NotAllowed, Rung
from coalitions.crash_points import reached
from coalitions.documents.full import refusing_when_full
from coalitions.documents.incoming import Incoming, examine, sent_before, store, title_from
from coalitions.documents.models import (
    Document,
    DocumentAudience,
    DocumentVersion,
    Folder,
    TextExtraction,
)
from coalitions.documents.models.version import documents_storage
from coalitions.documents.permissions import (
    let_contribute,
    rights_on,
    start_of,
    starting_rungs,
)
from coalitions.documents.scanning import admit
from coalitions.documents.services.holding import contribute_held
from coalitions.documents.services.reserving import let_add_version
from coalitions.documents.services.sharing import NotOnLadder
from coalitions.documents.services.space import let_fit, take_space
from coalitions.documents.signals import document_changed, version_added
from coalitions.language import clean
from coalitions.network import audit
from coalitions.network.models import Organisation, Workspace
from coalitions.network.references import new_reference


def add_document(
    *,
    acting_user: Any,
    workspace: Workspace,
    content: "File[Any]",
    name: str,
    folder: Folder | None = None,
    title: str = "",
    language: str = "",
    rung: Rung | str | None = None,
    child_data: bool = False,
    shows_child: bool = False,
    note: str = "",
    submission: UUID | None = None,
) -> Document:
    """Store `content` as a new document of the organisation that `acting_user` acts for there.

    `name`: the sender's file name. `folder`: of this workspace; its top when None. `title`: the
    file's name when empty. `language`: told from the text when empty. `rung`: who can see it, the
    workspace's starting audience when None. `shows_child`: a child can be recognised in it; without
    consent it is `child_data`, which is sealed.
    Raises FileRefused for a file that is not kept or finds no room, NotOnLadder for an audience
    that the person cannot choose, NotAllowed for whoever does not contribute to the workspace.
    """
    owner = let_contribute(acting_user, workspace).organisation
    room = (workspace, owner)
    sending = _Sending(acting_user, examine(content, name), note, submission, room)

    def write(uuid: UUID, stored: str) -> DocumentVersion:
        sending.take_space()
        organisation = contribute_held(acting_user, workspace).organisation
        if organisation != owner:
            raise NotAllowed("They act for another organisation by now.")
        chosen = starting_rung(acting_user, workspace, organisation, rung, child_data)
        document = Document.objects.create(
            reference=new_reference(Document, "D"),
            title=clean(title).strip()[:255] or title_from(name),
            language=language or _usual_language(workspace),
            language_from_text=not language,
            owner=organisation,
            workspace=workspace,
            folder=_standing(folder, workspace),
            shows_child=shows_child or child_data,
            created_by=acting_user,
        )
        _begin_audience(document, chosen, child_data)
        version = _add_row(document, 1, sending, uuid, stored, organisation)
        reached("upload.audited")
        return version

    return _stored_with_row(sending, write).document


def add_version(
    *,
    acting_user: Any,
    document: Document,
    content: "File[Any]",
    name: str,
    note: str = "",
    submission: UUID | None = None,
) -> DocumentVersion:
    """Store `content` as the next version of `document`.

    For people of the owning organisation who contribute to the workspace, its editors, and other
    contributors where the owner allows it.
    Raises FileRefused for a file that is not kept, DocumentReserved while somebody else is
    editing, NotAllowed for everybody else. It takes room of the sender's organisation.
    """
    charged = editing_organisation(acting_user, document)
    let_add_version(acting_user, document)
    room = (document.workspace, charged)
    sending = _Sending(acting_user, examine(content, name), note, submission, room)

    def write(uuid: UUID, stored: str) -> DocumentVersion:
        sending.take_space()
        locked = Document.objects.select_for_update().get(pk=document.pk)
        organisation = editing_organisation(acting_user, locked)
        if organisation != charged:
            raise NotAllowed("They act for another organisation by now.")
        let_add_version(acting_user, locked)
        last = locked.versions.aggregate(last=Max("number"))["last"] or 0
        return _add_row(locked, last + 1, sending, uuid, stored, organisation)

    version = _stored_with_row(sending, write)
    document.refresh_from_db()
    return version


@dataclass(frozen=True)
class _Sending:
    """Who sends which file, with which note and which form, into whose room."""

    acting_user: Any
    incoming: Incoming
    note: str
    submission: UUID | None
    room: tuple[Workspace, Organisation]

    def sent_before(self) -> DocumentVersion | None:
        return sent_before(self.acting_user, self.submission, self.incoming.sha256)

    def let_fit(self) -> None:
        size, submission = self.incoming.size, self.submission
        let_fit(self.acting_user, *self.room, size, submission=submission)

    def take_space(self) -> None:
        size, submission = self.incoming.size, self.submission
        take_space(self.acting_user, *self.room, size, submission=submission)


def _stored_with_row(
    sending: _Sending, write: Callable[[UUID, str], DocumentVersion]
) -> DocumentVersion:
    """Store the file, then write its rows in one transaction; without rows, no file is left.

    A commit that fails may have happened: then the file stays, and the sweep finds out.
    """
    sent = sending.sent_before()
    if sent is not None:
        return sent
    sending.let_fit()
    with refusing_when_full():
        uuid, stored = store(sending.incoming)
    refused = False
    try:
        with transaction.atomic():
            try:
                version = write(uuid, stored)
            except BaseException:
                refused = True
                raise
            reached("upload.before-commit")
    except BaseException as error:
        if refused:
            documents_storage().delete(stored)
        sent = sending.sent_before()
        if isinstance(error, IntegrityError) and sent is not None:
            return sent
        raise
    reached("upload.committed")
    return version


def _begin_audience(document: Document, rung: Rung, child_data: bool) -> None:
    DocumentAudience.objects.create(
        document=document,
        rung=rung,
        child_data=child_data,
        decided_by=document.created_by,
        organisation=document.owner,
        since=document.created,
    )
    audit.record(
        "document.added",
        acting_user=document.created_by,
        acting_organisation=document.owner,
        thing=document,
        workspace=str(document.workspace.uuid),
        rung=rung.value,
        child_data=child_data,
    )


def _add_row(
    document: Document,
    number: int,
    sending: _Sending,
    uuid: UUID,
    stored: str,
    organisation: Organisation,
) -> DocumentVersion:
    incoming = sending.incoming
    version = DocumentVersion.objects.create(
        uuid=uuid,
        document=document,
        number=number,
        file=stored,
        name=incoming.name,
        size=incoming.size,
        media_type=incoming.kind.media_type,
        sha256=incoming.sha256,
        uploader=sending.acting_user,
        organisation=organisation,
        note=clean(sending.note).strip()[:500],
        submission=sending.submission,
    )
    reached("upload.row-written")
    TextExtraction.objects.create(version=version)
    document.current_version = version
    document.save(update_fields=["current_version", "changed"])
    announce_version(document, version, sending.acting_user, organisation)
    return version


def announce_version(
    document: Document, version: DocumentVersion, acting_user: Any, organisation: Organisation
) -> None:
    """Write the audit row, tell whoever listens, let it be checked and read."""
    audit.record(
        "version.added",
        acting_user=acting_user,
        acting_organisation=organisation,
        thing=version,
        document=str(document.uuid),
        number=version.number,
    )
    version_added.send(sender=DocumentVersion, version=version)
    document_changed.send(sender=Document, document=document, audience_tightened=False)
    reached("upload.signals-sent")
    admit(version)


def _standing(folder: Folder | None, workspace: Workspace) -> Folder | None:
    """Return the folder, locked, or None where it is not of this workspace or was trashed."""
    if folder is None:
        return None
    here = Folder.objects.standing_in(workspace).select_for_update()
    found: Folder | None = here.filter(pk=folder.pk).first()
    return found


def editing_organisation(user: Any, document: Document) -> Organisation:
    """Return the organisation that `user` adds versions for; NotAllowed for whoever may not."""
    rights = rights_on(user, document)
    if not rights.add_version or rights.organisation is None:
        raise NotAllowed("Only the owner's people, and those it allows to, add versions.")
    return rights.organisation


def starting_rung(
    user: Any,
    workspace: Workspace,
    organisation: Organisation,
    rung: Rung | str | None,
    child_data: bool,
) -> Rung:
    """Return where a new document begins: `rung`, or the workspace's own when None.

    Raises NotOnLadder where the person cannot choose that.
    """
    offered = starting_rungs(user, workspace, organisation, child_data=child_data)
    chosen = Rung(rung) if rung else start_of(workspace, offered)
    if chosen not in offered:
        raise NotOnLadder(chosen)
    return chosen


def _usual_language(workspace: Workspace) -> str:
    known = dict(settings.LANGUAGES)
    return workspace.language if workspace.language in known else settings.LANGUAGE_CODE
