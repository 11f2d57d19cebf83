"""Reserving a document while one edits it, and letting it go.

Invariant: at every instant at most one reservation of a document is in force; it holds for a week
at most, and only its holder adds versions meanwhile.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.models import Document, Reservation
from coalitions.documents.permissions import Rights, rights_on
from coalitions.documents.refusals import FileRefused
from coalitions.documents.reserved import may_lift, reservation_of
from coalitions.network import audit

HOURS: Final = (1, 2, 4, 8, 24, 72, 168)


class DocumentReserved(FileRefused):
    """Somebody else is editing the document."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__("reserved")
        self.reservation = reservation


class ReservedMeanwhile(ValueError):
    """The reservation is another one by now than the one that the person saw."""


def reserve_document(*, acting_user: Any, document: Document, hours: int) -> Reservation:
    """Reserve `document` for `acting_user` from now on, for one of HOURS.

    For those who may add versions. Their own reservation is replaced. Raises DocumentReserved
    where somebody else has one, ValueError for other hours, NotAllowed for everybody else.
    """
    if hours not in HOURS:
        raise ValueError("A document is reserved for some hours or days, a week at most.")
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not rights.add_version or rights.organisation is None:
            raise NotAllowed("Only those who may add versions reserve a document.")
        before = let_add_version(acting_user, locked)
        now = timezone.now()
        if before is not None:
            now = max(now, before.since)
            before.end(now)
        # Those of people who lost sight of it: they do not come back when that comes back.
        for lost in Reservation.objects.in_force(now).filter(document=locked):
            lost.end(now)
        reached("reserving.row-ended")
        made: Reservation = Reservation.objects.create(
            document=locked,
            person=acting_user,
            organisation=rights.organisation,
            since=now,
            until=now + timedelta(hours=hours),
        )
        _record("document.reserved", acting_user, rights, made, hours=hours)
        reached("reserving.before-commit")
    return made


def lift_reservation(*, acting_user: Any, document: Document, seen: UUID) -> None:
    """End the reservation `seen`; for its holder, coordinators and the owner's editors.

    Where none is in force any more, nothing is done. Raises ReservedMeanwhile where it is
    another one by now, NotAllowed for everybody else.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        current = reservation_of(locked)
        holder = current.person_id if current else 0
        if not (
            may_lift(acting_user, locked, rights, holder) or (rights.add_version and not current)
        ):
            raise NotAllowed("Only its holder, coordinators and editors lift a reservation.")
        if current is None:
            return
        if current.uuid != seen:
            raise ReservedMeanwhile
        current.lifted_by = acting_user
        current.save(update_fields=["lifted_by"])
        current.end()
        _record("document.reservation-lifted", acting_user, rights, current)
        reached("lifting.before-commit")


def let_add_version(user: Any, document: Document) -> Reservation | None:
    """Return the person's own reservation, if any; raise DocumentReserved for another's."""
    current = reservation_of(document)
    if current is not None and current.person_id != user.pk:
        raise DocumentReserved(current)
    return current


def _record(verb: str, user: Any, rights: Rights, reservation: Reservation, **details: int) -> None:
    audit.record(
        verb,
        acting_user=user,
        acting_organisation=rights.organisation,
        thing=reservation.document,
        reservation=str(reservation.uuid),
        **details,
    )
