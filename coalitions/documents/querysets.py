"""visible_to(viewer) for documents and folders.

Invariant: says in SQL what `coalitions.documents.labels.document_labels` says of one document.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from coalitions.access import Rung, Viewer, rungs_from
from coalitions.network.dated import DatedQuerySet, in_force

if TYPE_CHECKING:
    from coalitions.network.models import Workspace


def _placed(organisations: Collection[UUID], workspaces: Collection[UUID]) -> Q:
    """Seen through one's own organisation or workspace."""
    by_workspace = [Rung.MEMBERS, *rungs_from(Rung.WORKSPACE)]
    return Q(rung__in=rungs_from(Rung.ORGANISATION), document__owner__uuid__in=organisations) | Q(
        rung__in=by_workspace, document__workspace__uuid__in=workspaces
    )


def _wider(viewer: Viewer) -> Q:
    """Seen from further away: never what holds child data."""
    condition = Q(
        rung__in=rungs_from(Rung.COALITION),
        document__workspace__coalition__uuid__in=viewer.coalitions,
    )
    if viewer.sees_network:
        condition |= Q(rung__in=rungs_from(Rung.NETWORK))
    if viewer.sees_public:
        condition |= Q(rung=Rung.PUBLIC)
    return Q(child_data=False) & condition


def _linked(viewer: Viewer) -> Q:
    """Seen through a link for outsiders that lives."""
    from coalitions.documents.models import DocumentLink

    return Q(document__in=DocumentLink.objects.opened_by(viewer).values("document"))


def _seen(viewer: Viewer) -> Q:
    """The audience rows that meet the viewer's labels."""
    if viewer.links:
        return _placed_or_wider(viewer) | _linked(viewer)
    return _placed_or_wider(viewer)


def _placed_or_wider(viewer: Viewer) -> Q:
    plain = viewer.organisations, viewer.workspaces
    sealed = viewer.sealed_organisations, viewer.sealed_workspaces
    if plain == sealed:
        # As of every person: said once, because a list of workspaces is long.
        return _placed(*plain) | _wider(viewer)
    return (
        (Q(child_data=False) & _placed(*plain))
        | (Q(child_data=True) & _placed(*sealed))
        | _wider(viewer)
    )


class AudienceQuerySet(DatedQuerySet):
    """Audiences of documents."""

    def meeting(self, viewer: Viewer) -> Self:
        """Return those in force that meet the viewer's labels, also of trashed documents."""
        return self.filter(in_force(), _seen(viewer))

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the audience in force of each document that the viewer may see."""
        return self.meeting(viewer).filter(document__trashed__isnull=True)


def _audience_meets(viewer: Viewer) -> Exists:
    from coalitions.documents.models import DocumentAudience

    return Exists(DocumentAudience.objects.meeting(viewer).filter(document=OuterRef("pk")))


class FolderQuerySet(models.QuerySet[Any]):
    """Folders."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the workspaces that the viewer is a member of."""
        return self.filter(workspace__uuid__in=viewer.workspaces, trashed__isnull=True)

    def standing_in(self, workspace: "Workspace") -> Self:
        """Return those of one workspace that are not in the trash."""
        return self.filter(workspace=workspace, trashed__isnull=True)

    def trashed_for(self, viewer: Viewer) -> Self:
        """Return the trashed ones of those workspaces, without what went with them."""
        return self.filter(
            workspace__uuid__in=viewer.workspaces, trashed__isnull=False, trashed_with__isnull=True
        )


class UploadQuerySet(models.QuerySet[Any]):
    """Unfinished uploads, and those that ended of late."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own, in the workspaces that they are a member of."""
        if viewer.user_uuid is None:
            return self.none()
        return self.filter(person__uuid=viewer.user_uuid, workspace__uuid__in=viewer.workspaces)


class DocumentQuerySet(models.QuerySet[Any]):
    """Documents."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the documents whose audience in force meets the viewer's labels."""
        return self.filter(_audience_meets(viewer), trashed__isnull=True)

    def trashed_for(self, viewer: Viewer) -> Self:
        """Return the trashed documents that `viewer` would see if they were restored.

        Only for the pages where that is done.
        """
        return self.filter(_audience_meets(viewer), trashed__isnull=False)

    def with_audience(self) -> Self:
        """Add `rung`, `child_data` and `rung_until` of the audience in force to each document."""
        from coalitions.documents.models import DocumentAudience

        current = DocumentAudience.objects.filter(in_force(), document=OuterRef("pk"))
        return self.annotate(
            rung=Subquery(current.values("rung")[:1]),
            child_data=Subquery(current.values("child_data")[:1]),
            rung_until=Subquery(current.values("until")[:1]),
        )
