"""Reservation: somebody is editing a document until a time, and others add no version meanwhile."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from coalitions.documents.reserved import ReservationQuerySet
from coalitions.network.dated import Dated
from coalitions.network.models import Organisation


class Reservation(Dated):
    """Invariant: it always has an end, and at most one per document is in force; both are kept
    under the lock of the document's row (`services.reserving`). It ends by itself.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="reservations"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reservations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="reservations"
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reservations_lifted",
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["document", "until"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=False), name="documents_reservation_has_an_end"
            )
        ]
