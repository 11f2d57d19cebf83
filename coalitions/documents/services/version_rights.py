"""Who adds versions, changed on a locked document.

Invariant: it ends at once: who reserved the document, and may add nothing any more, holds it no
longer.
"""

from typing import Any

from coalitions.documents.models import Document, Reservation
from coalitions.documents.permissions import rights_on
from coalitions.network import audit


def set_others_add_versions(document: Document, acting_user: Any, allowed: bool) -> None:
    """Do it: the document is locked and the person's right is known."""
    document.others_add_versions = allowed
    # `changed` stays: it is no news of the document.
    Document.objects.filter(pk=document.pk).update(others_add_versions=allowed)
    audit.record(
        "document.others-add-versions",
        acting_user=acting_user,
        acting_organisation=rights_on(acting_user, document).organisation,
        thing=document,
        allowed=allowed,
    )
    if not allowed:
        end_reservations_without_right(document, acting_user)


def end_reservations_without_right(document: Document, acting_user: Any | None) -> None:
    """End a reservation whose holder may not add versions any more."""
    held = Reservation.objects.in_force().filter(document=document).select_related("person")
    for reservation in held:
        if rights_on(reservation.person, document).add_version:
            continue
        reservation.lifted_by = acting_user
        reservation.save(update_fields=["lifted_by"])
        reservation.end()
        audit.record(
            "document.reservation-lifted",
            acting_user=acting_user,
            acting_organisation=None,
            thing=document,
            reservation=str(reservation.uuid),
        )
