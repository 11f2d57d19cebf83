"""ShareRequest and ChildDataLift: what waits for a decision of the owning organisation."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models.audience import DocumentAudience
from coalitions.language import clean
from coalitions.network.dated import Dated, DatedQuerySet
from coalitions.network.models import Organisation

LONGEST_REASON = 1000
LIFT_LASTS = timedelta(days=14)


def said_in(text: str) -> str:
    """Return a reason or a note as it is kept."""
    return clean(text).strip()[:LONGEST_REASON]


class ShareRequestQuerySet(DatedQuerySet):
    """Requests to share."""

    def open(self) -> Self:
        """Return those that wait for a decision."""
        return self.filter(until__isnull=True)

    def with_names(self) -> Self:
        """Read who asked, for whom, and whose document it is, along with each."""
        return self.select_related("person", "organisation", "document__owner")


class ChildDataLiftQuerySet(DatedQuerySet):
    """Proposals to take the mark *child data* away."""

    def open(self) -> Self:
        """Return those that wait for a second person, and count still."""
        return self.filter(until__isnull=True, expires__gt=timezone.now())


class _Waiting(Dated):
    """Open from `since`; decided at `until`, once, and never again."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    reason = models.TextField(_("Reason"), max_length=LONGEST_REASON)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(_("Note"), blank=True, max_length=LONGEST_REASON)

    class Meta:
        abstract = True


class ShareRequest(_Waiting):
    """Somebody who sees a document asks its owner to share it as far as `rung`.

    Invariant: one is open for each document, rung and person. Whoever does not see the document
    any more is not told what became of it.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        OVERTAKEN = "overtaken", _("Ended, because the document was shared with fewer people")

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="requests"
    )
    rung = models.CharField(
        _("Share with"),
        max_length=20,
        choices=DocumentAudience._meta.get_field("rung").choices,
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="share_requests"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = ShareRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "rung", "person"],
                condition=Q(until__isnull=True),
                name="documents_one_open_request",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        return self.until is None


def _when_it_expires() -> object:
    return timezone.now() + LIFT_LASTS


class ChildDataLift(_Waiting):
    """One person of the owner proposes to take the mark *child data* away; another confirms.

    Invariant: one is open for each document; it counts until `expires` only.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="lifts"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires = models.DateTimeField(default=_when_it_expires)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = ChildDataLiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(until__isnull=True),
                name="documents_one_open_lift",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_open(self) -> bool:
        return self.until is None and self.expires > timezone.now()
