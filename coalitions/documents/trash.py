"""Who may put what into the trash, restore it and delete it for good: questions, in SQL.

Invariant: nobody is shown a trashed document that they would not see once it is restored, and
nobody deletes for good but the owner's administrators and editors.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from coalitions.access import Viewer
from coalitions.documents.care import in_care
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import edited_organisations
from coalitions.network.models import CoalitionMembership, WorkspaceMembership
from coalitions.network.viewers import viewer_for

Role = WorkspaceMembership.Role


def _acts(user: Any, organisation: str) -> Q:
    """What a coordinator, or a contributor for the same organisation, arranges in a workspace."""
    held = WorkspaceMembership.objects.active().filter(person=user, workspace=OuterRef("workspace"))
    own = held.filter(role=Role.CONTRIBUTOR, organisation=OuterRef(organisation))
    return Q(Exists(held.filter(role=Role.COORDINATOR))) | Q(Exists(own))


def _theirs(user: Any) -> Q:
    edited = edited_organisations(user)
    leading = CoalitionMembership.objects.in_force().filter(
        coalition=OuterRef("workspace__coalition"), leads=True, organisation__in=edited
    )
    return (
        (Q(owner__in=edited) & ~in_care()) | (Q(Exists(leading)) & in_care()) | _acts(user, "owner")
    )


def trashable(user: Any, viewer: Viewer) -> QuerySet[Document]:
    """Return the documents that `user`, who is `viewer`, may put into the trash."""
    return Document.objects.visible_to(viewer).filter(_theirs(user))


def known_trashed(user: Any, viewer: Viewer) -> QuerySet[Document]:
    """Return the trashed documents that `user` is told of: what they might trash now."""
    if not user.is_authenticated:
        return Document.objects.none()
    return Document.objects.trashed_for(viewer).filter(_theirs(user))


def restorable(user: Any, viewer: Viewer) -> QuerySet[Document]:
    """Return those of them that `user` may restore.

    What its owner's people put into the trash, a coordinator of another organisation leaves there:
    they arrange the workspace, and undo no decision of an owner.
    """
    return (
        known_trashed(user, viewer).filter(_may_undo(user))
        if user.is_authenticated
        else (Document.objects.none())
    )


def _may_undo(user: Any) -> Q:
    """Acts of their own, for an owner that they act for, or not of the owner."""
    roles = [Role.CONTRIBUTOR, Role.COORDINATOR]
    held = WorkspaceMembership.objects.active().filter(person=user, role__in=roles)
    acting = held.filter(workspace=OuterRef("workspace"), organisation=OuterRef("owner"))
    own = Q(owner__in=edited_organisations(user)) | Q(Exists(acting)) | Q(trashed_by=user)
    return own | ~Q(trashed_for=F("owner"))


def may_know_of(user: Any, document: Document) -> bool:
    """Return whether `user` is told that `document` is in the trash."""
    return known_trashed(user, viewer_for(user)).filter(pk=document.pk).exists()


def may_restore(user: Any, document: Document) -> bool:
    """Return whether `user` may restore `document`, which is in the trash."""
    return restorable(user, viewer_for(user)).filter(pk=document.pk).exists()


def deletable(user: Any, viewer: Viewer) -> QuerySet[Document]:
    """Return the trashed documents that `user` may delete for good: their organisations' own."""
    if not user.is_authenticated:
        return Document.objects.none()
    own = Document.objects.trashed_for(viewer).filter(owner__in=edited_organisations(user))
    return own.exclude(in_care())


def restorable_folders(user: Any, viewer: Viewer) -> QuerySet[Folder]:
    """Return the trashed folders that `user` may restore: what they might trash now."""
    if not user.is_authenticated:
        return Folder.objects.none()
    return Folder.objects.trashed_for(viewer).filter(_acts(user, "organisation"))


def kept_for() -> timedelta:
    """Return how long things lie in the trash."""
    return timedelta(days=settings.DOCUMENT_TRASH_DAYS)


def deleted_on(trashed: datetime) -> datetime:
    """Return from when on the nightly purge deletes what was trashed then."""
    return trashed + kept_for()


def trashed_before(now: datetime) -> datetime:
    """Return the latest moment of trashing whose things the purge may delete `now`."""
    return now - kept_for()
