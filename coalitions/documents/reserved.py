"""Reservations in questions: which are in force, and who is told of one.

Invariant: that somebody works on a document is told to those who see its workspace or are of its
owner, and to nobody else, however far the document is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coalitions.access import Viewer
from coalitions.network.dated import DatedQuerySet
from coalitions.network.permissions import coordinates
from coalitions.network.querysets import people_visible_to

if TYPE_CHECKING:
    from coalitions.documents.models import Document, Reservation
    from coalitions.documents.permissions import Rights
    from coalitions.network.models import Organisation


def _inside(viewer: Viewer) -> Q:
    """Of a document that the viewer sees from inside, if at all."""
    return Q(document__workspace__uuid__in=viewer.workspaces) | Q(
        document__owner__uuid__in=viewer.organisations
    )


def _held_from_inside() -> Q:
    """Of somebody who is in the workspace or of the owner still."""
    from coalitions.network.models import Affiliation, WorkspaceMembership

    placed = WorkspaceMembership.objects.active().filter(
        person=OuterRef("person"), workspace=OuterRef("document__workspace")
    )
    owning = Affiliation.objects.active().filter(
        person=OuterRef("person"), organisation=OuterRef("document__owner")
    )
    return Q(Exists(placed)) | Q(Exists(owning))


class ReservationQuerySet(DatedQuerySet):
    """Reservations."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of documents that the viewer sees from inside: by place or by owner."""
        from coalitions.documents.models import Document

        return self.filter(_inside(viewer), document__in=Document.objects.visible_to(viewer))


def reservation_of(document: Document) -> Reservation | None:
    """Return the reservation in force; for those who decide, not for those who are told.

    It ends with its holder's sight of the document, and with their right to add versions.
    """
    from coalitions.documents.models import Reservation

    found: Reservation | None = (
        Reservation.objects.in_force()
        .filter(document=document)
        .select_related("person", "organisation")
        .order_by("-since", "-pk")
        .first()
    )
    return found if found is not None and _holds(found, document) else None


def _holds(reservation: Reservation, document: Document) -> bool:
    """Return whether its holder could add a version at all."""
    from coalitions.documents.permissions import rights_on

    person = reservation.person
    return bool(person.is_active and rights_on(person, document).add_version)


@dataclass(frozen=True)
class Told:
    """What one viewer is told of a reservation: names only where they may see them.

    `holder`: the person's key, for questions about rights.
    """

    uuid: UUID
    until: datetime
    person: str
    organisation: Organisation | None
    is_own: bool
    holder: int


def told_of(document: Document, viewer: Viewer) -> Told | None:
    """Return what `viewer` is told of the reservation in force, or None."""
    from coalitions.documents.models import Reservation
    from coalitions.network.models import Organisation

    found = (
        Reservation.objects.in_force()
        .visible_to(viewer)
        .filter(document=document)
        .select_related("person", "organisation")
        .order_by("-since", "-pk")
        .first()
    )
    if found is None or not _holds(found, document):
        return None
    named = people_visible_to(viewer).filter(pk=found.person_id).exists()
    known = Organisation.objects.visible_to(viewer).filter(pk=found.organisation_id).exists()
    return Told(
        uuid=found.uuid,
        until=found.until,
        person=found.person.name if named else "",
        organisation=found.organisation if known else None,
        is_own=found.person.uuid == viewer.user_uuid,
        holder=found.person_id,
    )


def may_lift(user: Any, document: Document, rights: Rights, holder: int) -> bool:
    """Return whether `user`, who has these rights, may end the reservation of person `holder`.

    The person themself may, the owner's editors, and coordinators who see the document.
    """
    if rights.organisation is None:
        return False
    return (
        bool(user.pk == holder) or rights.decide_audience or coordinates(user, document.workspace)
    )


def with_reservation(documents: QuerySet[Any], viewer: Viewer) -> QuerySet[Any]:
    """Add `reserved_until` and `reserved_for`, the organisation's key, where the viewer is told."""
    from coalitions.documents.models import Reservation

    told = (
        Reservation.objects.in_force()
        .filter(_inside(viewer), _held_from_inside(), document=OuterRef("pk"))
        .order_by("-since", "-pk")
    )
    found: QuerySet[Any] = documents.annotate(
        reserved_until=Subquery(told.values("until")[:1]),
        reserved_for=Subquery(told.values("organisation")[:1]),
    )
    return found
