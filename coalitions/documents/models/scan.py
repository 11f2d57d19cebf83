"""VirusScan: the job that has a version's file looked at by the virus scanner, and its verdict."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Longer than one file may take the scanner.
LEASE = timedelta(minutes=8)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
# So often a scanner that answers otherwise may not come to an end with a file.
MOST_TIMES_SLOW = 8
TOO_SLOW = "too-slow"


class VirusScanQuerySet(models.QuerySet["VirusScan"]):
    """Scans."""

    def due(self) -> "VirusScanQuerySet":
        """Return those to be made now that are in no worker's hands."""
        now = timezone.now()
        return self.filter(
            Q(claimed__isnull=True) | Q(claimed__lte=now - LEASE),
            state=VirusScan.State.WAITING,
            next_attempt__lte=now,
        )


class VirusScan(models.Model):
    """One per version, where a scanner is configured. `claimed` is a lease, as of TextExtraction.

    `reason`: why there is no verdict (a code; while it waits, `too-slow-3` counts).
    `found`: the scanner's name for what it found.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be checked for viruses")
        CLEAN = "clean", _("Nothing harmful found")
        INFECTED = "infected", _("In quarantine")
        FAILED = "failed", _("Could not be checked for viruses")

    version = models.OneToOneField(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="scan"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    found = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField(default=timezone.now)
    claimed = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True, blank=True)

    objects = VirusScanQuerySet.as_manager()

    class Meta:
        # Of those that wait alone: there are few of them among all.
        indexes = [
            models.Index(
                fields=["next_attempt"],
                condition=Q(state="waiting"),
                name="documents_scan_waiting",
            )
        ]

    @property
    def times_slow(self) -> int:
        """How often the scanner did not come to an end with the file, though it was up."""
        count = self.reason.removeprefix(f"{TOO_SLOW}-")
        return int(count) if count.isdecimal() else 0

    @property
    def pause(self) -> timedelta:
        """How long to wait after the attempts made so far: twice as long each time."""
        doublings: int = 2 ** min(max(self.attempts - 1, 0), 10)
        return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
