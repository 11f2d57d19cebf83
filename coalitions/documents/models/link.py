"""DocumentLink: for a time, whoever has its address and its password downloads one document."""

from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.documents.linked import LinkQuerySet
from coalitions.network.dated import Dated
from coalitions.network.models import Organisation

LONGEST_DAYS: Final = 30
MOST_DOWNLOADS: Final = 100
LONGEST_PURPOSE: Final = 200
_CHANGING = {"until", "why", "ended_by", "downloads_made"}


class LinkIsKept(RuntimeError):
    """Something tried to change what a link opens, or how."""


class DocumentLink(Dated):
    """Invariant: of a link only its end and the number of its downloads ever change; the end only
    comes nearer, and there are never more downloads than were granted.

    The address holds a secret of 256 bits, of which only the digest is kept; the `uuid` names the
    link's label and opens nothing. `organisation`: the owner of the document when it was made.
    `version`: the one that it is pinned to, None for whichever is the newest.
    """

    class Ended(models.TextChoices):
        BY_ITSELF = "", _("Expired")
        REVOKED = "revoked", _("Revoked")
        NARROWED = "narrowed", _("Shared with fewer people")
        CHILD_DATA = "child-data", _("Child data")
        TRASHED = "trashed", _("In the trash")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="links"
    )
    version = models.ForeignKey(
        "documents.DocumentVersion", null=True, on_delete=models.CASCADE, related_name="links"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links_made"
    )
    purpose = models.CharField(_("What it is for"), max_length=LONGEST_PURPOSE, blank=True)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=255, editable=False)
    most_downloads = models.PositiveIntegerField(_("Downloads at most"))
    downloads_made = models.PositiveIntegerField(default=0, editable=False)
    submission = models.UUIDField(default=uuid4, editable=False)
    why = models.CharField(max_length=12, choices=Ended.choices, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["document", "until"], name="documents_links_of_one")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=False), name="documents_link_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(downloads_made__lte=F("most_downloads")),
                name="documents_link_not_used_too_often",
            ),
            models.UniqueConstraint(
                fields=["made_by", "submission"], name="documents_link_made_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, or write what may change; anything else is refused."""
        if not self._state.adding and not set(kwargs.get("update_fields") or {"?"}) <= _CHANGING:
            raise LinkIsKept("A link is ended, and another one made.")
        super().save(*args, **kwargs)

    @property
    def is_used_up(self) -> bool:
        return self.downloads_made >= self.most_downloads

    @property
    def ends(self) -> datetime:
        """Its end, which every link has."""
        assert self.until is not None
        return self.until

    @property
    def has_ended(self) -> bool:
        return self.ends <= timezone.now()

    @property
    def downloads_left(self) -> int:
        return max(self.most_downloads - self.downloads_made, 0)
