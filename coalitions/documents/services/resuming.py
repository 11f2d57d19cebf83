"""Beginning, ending and giving up uploads that are sent in parts.

Invariant: what comes of an upload is decided at its end, with the rights that the person has then;
without them nothing of it is left. It becomes one document however often its end is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from coalitions.access import NotAllowed, Rung
from coalitions.crash_points import reached
from coalitions.documents.folder_count import let_hold, new_folders
from coalitions.documents.folder_names import DEEPEST, FolderRefused, folder_key
from coalitions.documents.full import NO_ROOM, status_of
from coalitions.documents.incoming import already_here, examine, safe_name, sent_before
from coalitions.documents.models import DocumentVersion, Folder, ResumableUpload
from coalitions.documents.permissions import let_contribute
from coalitions.documents.refusals import FileRefused
from coalitions.documents.said import details_from, said_in
from coalitions.documents.services.adding import add_document, starting_rung
from coalitions.documents.services.details import add_details
from coalitions.documents.services.folders import make_folder
from coalitions.documents.services.sharing import NotOnLadder
from coalitions.documents.services.space import take_space
from coalitions.documents.space import most_outstanding, outstanding
from coalitions.documents.tree import Tree
from coalitions.documents.uploads.parts import Part
from coalitions.documents.uploads.protocol import metadata
from coalitions.network.models import Organisation, Workspace
from coalitions.network.viewers import viewer_for

# More unfinished ones of one person are no work, but an attack on the disk.
OPEN_AT_MOST = 200
State = ResumableUpload.State


class TooManyUploads(Exception):
    """This person has more unfinished uploads, or bytes owed to a room, than anybody needs."""


class UploadOver(Exception):
    """The upload was ended while a part of it came."""


@dataclass(frozen=True)
class Chosen:
    """What a person chose before the first byte: see `add_document`.

    `path`: names of folders below `folder`, made at the end where they are not there.
    """

    name: str
    length: int
    folder: Folder | None = None
    path: tuple[str, ...] = ()
    rung: Rung | str = Rung.WORKSPACE
    child_data: bool = False
    shows_child: bool = False
    language: str = ""
    store_again: bool = False
    metadata: str = ""


def begin_upload(*, acting_user: Any, workspace: Workspace, chosen: Chosen) -> ResumableUpload:
    """Note that a file is going to be sent in parts; for contributors and coordinators.

    Its length is reserved from now on. Raises FileRefused for one that is too large, empty, or does
    not fit, FolderRefused for a path that is too deep, of elsewhere or one folder too many,
    NotOnLadder for an audience that they cannot choose, TooManyUploads.
    """
    organisation = let_contribute(acting_user, workspace).organisation
    if not chosen.length:
        raise FileRefused("empty")
    if chosen.length > settings.DOCUMENT_MAX_BYTES:
        raise FileRefused("too-large")
    _let_lie(workspace, chosen)
    rung = starting_rung(acting_user, workspace, organisation, chosen.rung, chosen.child_data)
    with transaction.atomic():
        take_space(acting_user, workspace, organisation, chosen.length, stores=False)
        _let_announce(acting_user, workspace, organisation, chosen.length)
        return ResumableUpload.objects.create(
            person=acting_user,
            workspace=workspace,
            organisation=organisation,
            folder=chosen.folder,
            path=list(chosen.path),
            name=safe_name(chosen.name),
            length=chosen.length,
            metadata=chosen.metadata,
            rung=rung,
            child_data=chosen.child_data,
            shows_child=chosen.shows_child or chosen.child_data,
            language=chosen.language,
            store_again=chosen.store_again,
            expires=_later(),
        )


def note_progress(*, upload: ResumableUpload, part: Part) -> None:
    """Remember how much of the upload has come, and keep it for longer.

    Raises UploadOver for one that was ended meanwhile: nothing brings that back.
    """
    alive = ResumableUpload.objects.filter(pk=upload.pk, expires__gt=timezone.now())
    expires = _later()
    if not alive.update(offset=part.size, expires=expires):
        raise UploadOver
    upload.offset, upload.expires = part.size, expires


def finish_upload(*, acting_user: Any, upload: ResumableUpload, part: Part) -> ResumableUpload:
    """Make a document of an upload that has come whole; `part` is held by the caller.

    A file that is refused, or here already, ends the upload as well; its row says so. Raises
    NotAllowed, after removing all of it, when the person may not add to the workspace any more,
    and FileRefused, with all of it kept, where there is no room for it at present (or UploadOver,
    where it was ended meanwhile).
    """
    upload.refresh_from_db()
    if upload.state != State.SENDING:
        part.remove()
        return upload
    try:
        if acting_user.pk != upload.person_id:
            raise NotAllowed("An upload is finished by whoever began it.")
        membership = let_contribute(acting_user, upload.workspace)
        if membership.organisation_id != upload.organisation_id:
            raise NotAllowed("It was begun for another organisation.")
        upload.version, upload.state = _stored(acting_user, upload, part)
    except NotAllowed:
        give_up_upload(upload=upload, part=part)
        raise
    except (FileRefused, FolderRefused) as refused:
        if isinstance(refused, FileRefused) and status_of(refused) == NO_ROOM:
            note_progress(upload=upload, part=part)
            raise
        upload.state, upload.refusal = State.REFUSED, refused.code
    except NotOnLadder:
        upload.state, upload.refusal = State.REFUSED, "audience"
    upload.save(update_fields=["state", "version", "refusal"])
    reached("uploads.ended")
    part.remove()
    return upload


def give_up_upload(*, upload: ResumableUpload, part: Part) -> None:
    """Remove an upload and what came of it; a document that was made of it stays."""
    part.remove()
    upload.delete()


def _stored(
    acting_user: Any, upload: ResumableUpload, part: Part
) -> tuple[DocumentVersion | None, State]:
    with part.content(upload.name) as content:
        said = metadata(upload.metadata)
        incoming = examine(content, upload.name, authors_out=said_in(said)["authors_out"])
        sha256 = incoming.sha256
        sent = sent_before(acting_user, upload.uuid, sha256)
        details = details_from(said, viewer_for(acting_user))
        if sent is not None:
            # The end before this one may have been cut off between the two steps below.
            add_details(acting_user=acting_user, document=sent.document, **details)
            return sent, State.STORED
        known = None if upload.store_again else already_here(viewer_for(acting_user), sha256)
        if known is not None:
            return known, State.HERE
        document = add_document(
            acting_user=acting_user,
            workspace=upload.workspace,
            content=incoming.content,
            name=upload.name,
            folder=_folder(acting_user, upload),
            language=upload.language,
            rung=upload.rung,
            child_data=upload.child_data,
            shows_child=upload.shows_child,
            submission=upload.uuid,
        )
        reached("uploads.document-stored")
        add_details(acting_user=acting_user, document=document, **details)
    return document.current_version, State.STORED


def _folder(acting_user: Any, upload: ResumableUpload) -> Folder | None:
    """Return the folder that the file lies in, made with those above it where need be."""
    place: Folder | None = upload.folder
    for name in upload.path:
        place = _found(upload.workspace, place, name) or _made(acting_user, upload, place, name)
    return place


def _made(acting_user: Any, upload: ResumableUpload, place: Folder | None, name: str) -> Folder:
    try:
        return make_folder(
            acting_user=acting_user, workspace=upload.workspace, name=name, parent=place
        )
    except FolderRefused as refused:
        # Another file of the same folder was there first.
        found = _found(upload.workspace, place, name) if refused.code == "taken" else None
        if found is None:
            raise
        return found


def _found(workspace: Workspace, place: Folder | None, name: str) -> Folder | None:
    key = folder_key(name)
    return Folder.objects.standing_in(workspace).filter(parent=place, key=key).first()


def _let_announce(user: Any, workspace: Workspace, organisation: Organisation, length: int) -> None:
    """Raise TooManyUploads; the rows of both rooms are locked by now."""
    if ResumableUpload.objects.filter(person=user, state=State.SENDING).count() >= OPEN_AT_MOST:
        raise TooManyUploads
    for place in (organisation, workspace):
        most = most_outstanding(place)
        if most is not None and outstanding(user, place) + length > most:
            raise TooManyUploads


def _let_lie(workspace: Workspace, chosen: Chosen) -> None:
    tree = Tree.of(workspace)
    if chosen.folder is not None and chosen.folder.pk not in tree.by_key:
        raise FolderRefused("elsewhere")
    if len(tree.path(chosen.folder)) + len(chosen.path) > DEEPEST:
        raise FolderRefused("deep")
    let_hold(tree, new_folders(tree, chosen.folder, [chosen.path]))


def _later() -> Any:
    return timezone.now() + timedelta(days=settings.UPLOAD_KEPT_DAYS)
