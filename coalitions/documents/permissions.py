"""Who may change what about a document: questions with a yes or a no, asked by services and pages.

Invariant: nobody changes what they cannot see, and only the owner decides who can see it: its
administrators and editors, and coordinators of the workspace who act for it there. Being superuser
or staff answers nothing here.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from coalitions.access import LADDER, NotAllowed, Rung, Viewer, ladder_for
from coalitions.documents.care import in_care, keeper_of, rung_in_care
from coalitions.documents.labels import audience_of, document_labels
from coalitions.documents.models import Document, Folder
from coalitions.network.models import (
    Affiliation,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.permissions import is_editor, membership_of
from coalitions.network.viewers import viewer_for

Role = WorkspaceMembership.Role
_UPLOADING = (Role.CONTRIBUTOR, Role.COORDINATOR)


@dataclass(frozen=True)
class Rights:
    """What one person may do with one document, asked of the database once.

    `as_owner`: decides for the owner itself, so also lets more people see it, and is told who
    read it. Of a document in its coalition's care (`care.py`) nobody is.
    """

    edit: bool = False
    decide_audience: bool = False
    as_owner: bool = False
    trash: bool = False
    add_version: bool = False
    organisation: Organisation | None = None


NO_RIGHTS = Rights()


def uploading_membership(user: Any, workspace: Workspace) -> WorkspaceMembership | None:
    """Return the membership through which `user` may add documents to `workspace`, or None."""
    membership = membership_of(user, workspace)
    if membership is None or membership.role not in _UPLOADING:
        return None
    return membership


def let_contribute(user: Any, workspace: Workspace) -> WorkspaceMembership:
    """Return the `uploading_membership`, or raise NotAllowed."""
    membership = uploading_membership(user, workspace)
    if membership is None:
        raise NotAllowed("Only contributors and coordinators of a workspace add to it.")
    return membership


def starting_rungs(
    user: Any, workspace: Workspace, organisation: Organisation, *, child_data: bool = False
) -> tuple[Rung, ...]:
    """Return the audiences that `user` may give a new document of `organisation`.

    Its administrators and editors, and coordinators who act for it, choose from the whole ladder;
    other contributors no further than the workspace, and in a need-to-know workspace its members
    only.
    """
    ladder = ladder_for(
        need_to_know=workspace.need_to_know,
        in_coalition=workspace.coalition_id is not None,
        child_data=child_data,
    )
    if is_editor(user, organisation):
        return ladder
    membership = membership_of(user, workspace)
    if membership is not None and _decides(membership, organisation.pk):
        return ladder
    last = Rung.MEMBERS if workspace.need_to_know else Rung.WORKSPACE
    return ladder[: ladder.index(last) + 1]


def _decides(membership: WorkspaceMembership, owner: int) -> bool:
    """Return whether this member coordinates the workspace for the owner."""
    return bool(membership.role == Role.COORDINATOR and membership.organisation_id == owner)


def start_of(workspace: Workspace, offered: tuple[Rung, ...]) -> Rung:
    """Return the workspace's starting audience, or the furthest before it that is offered."""
    wanted = height(workspace.starting_rung)
    return [rung for rung in offered if height(rung) <= wanted][-1]


def rights_on(user: Any, document: Document, viewer: Viewer | None = None) -> Rights:
    """Return what `user` may do with `document`; nothing when they cannot see it.

    `viewer`: the user's, where the caller has it already. A trashed document is seen by nobody,
    so it gives no rights here; see `trash.py`.
    """
    if not getattr(user, "is_authenticated", False):
        return NO_RIGHTS
    sees = Document.objects.visible_to(viewer or viewer_for(user)).filter(pk=document.pk)
    if not sees.exists():
        return NO_RIGHTS
    kept = rung_in_care(document) is not None
    decider = keeper_of(document) if kept else document.owner
    if decider is None:
        return NO_RIGHTS
    editor = is_editor(user, decider)
    membership = membership_of(user, document.workspace)
    uploads = membership is not None and membership.role in _UPLOADING
    owns = uploads and membership is not None and membership.organisation_id == document.owner_id
    coordinates = membership is not None and membership.role == Role.COORDINATOR
    decides = editor or (membership is not None and _decides(membership, decider.pk))
    acting = decider if editor or membership is None else membership.organisation
    return Rights(
        edit=editor or owns,
        decide_audience=decides,
        as_owner=decides and not kept,
        trash=editor or owns or coordinates,
        add_version=editor or owns or (uploads and open_to_others(document)),
        organisation=acting if editor or membership is not None else None,
    )


def open_to_others(document: Document) -> bool:
    """Return whether contributors of other organisations may add versions to `document` now.

    Only where its owner allows it, and never to child data.
    """
    if not document.others_add_versions:
        return False
    audience = audience_of(document)
    return audience is not None and not audience.child_data


def may_arrange_folder(user: Any, folder: Folder) -> bool:
    """Return whether `user` may rename and move `folder`.

    Coordinators of its workspace may, and contributors of the organisation that made it.
    """
    return arranges(uploading_membership(user, folder.workspace), folder)


def arranges(membership: WorkspaceMembership | None, folder: Folder) -> bool:
    """Return whether whoever holds this `uploading_membership` may rename and move `folder`."""
    if membership is None:
        return False
    made_it = membership.organisation_id == folder.organisation_id
    return membership.role == Role.COORDINATOR or made_it


def may_move(user: Any, document: Document, rights: Rights) -> bool:
    """Return whether `user`, who has these rights, may put `document` into another folder.

    Whoever may edit it, where they are a member of its workspace, and coordinators who see it.
    """
    if rights.organisation is None:
        return False
    membership = membership_of(user, document.workspace)
    if membership is None:
        return False
    return rights.edit or membership.role == Role.COORDINATOR


def edited_organisations(user: Any) -> QuerySet[Organisation]:
    """Return the organisations of which `user` is an administrator or editor."""
    roles = [Affiliation.Role.ADMINISTRATOR, Affiliation.Role.EDITOR]
    held = Affiliation.objects.active().filter(person=user, role__in=roles)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def decided_by(user: Any, viewer: Viewer) -> QuerySet[Document]:
    """Return the documents that `user`, who is `viewer`, sees and decides on for their owner."""
    acting = WorkspaceMembership.objects.active().filter(
        person=user,
        role=Role.COORDINATOR,
        workspace=OuterRef("workspace"),
        organisation=OuterRef("owner"),
    )
    owned = Q(owner__in=edited_organisations(user)) | Q(Exists(acting))
    return Document.objects.visible_to(viewer).filter(owned).exclude(in_care())


def deciders_of(document: Document) -> list[Any]:
    """Return the people who decide for its owner who can see `document`, and see it themselves."""
    if rung_in_care(document) is not None:
        return []
    roles = [Affiliation.Role.ADMINISTRATOR, Affiliation.Role.EDITOR]
    editing = Affiliation.objects.active().filter(
        organisation=document.owner_id, role__in=roles, person=OuterRef("pk")
    )
    acting = WorkspaceMembership.objects.active().filter(
        workspace=document.workspace_id,
        organisation=document.owner_id,
        role=Role.COORDINATOR,
        person=OuterRef("pk"),
    )
    people = get_user_model()._default_manager.filter(
        Q(Exists(editing)) | Q(Exists(acting)), is_active=True
    )
    labels = document_labels(document)
    return [person for person in people.order_by("pk") if viewer_for(person).sees(labels)]


def further_rungs(rung: Rung | str, ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return the rungs of `ladder` that reach further than `rung`."""
    return tuple(step for step in ladder if height(step) > height(Rung(rung)))


def neighbours(rung: Rung | str, ladder: tuple[Rung, ...]) -> tuple[Rung | None, Rung | None]:
    """Return the rungs one step back and one step further on `ladder`; None where it ends."""
    rung = Rung(rung)
    if rung not in ladder:
        # Its place changed under it; treat it as the nearest rung below.
        below = [step for step in ladder if step in LADDER and height(step) <= height(rung)]
        rung = below[-1] if below else ladder[0]
    place = ladder.index(rung)
    back = ladder[place - 1] if place else None
    return back, ladder[place + 1] if place + 1 < len(ladder) else None


def height(rung: Rung) -> int:
    """Return how far a rung reaches, for comparing."""
    return LADDER.index(rung) if rung in LADDER else -1
