"""OutgoingMail: a mail that is owed. Jobs are rows; messages only nudge."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_ATTEMPTS = 10
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    """Mail that is owed."""

    def due(self) -> "OutgoingMailQuerySet":
        """Return what is to be sent now and is in no worker's hands."""
        now = timezone.now()
        return self.filter(
            Q(claimed__isnull=True) | Q(claimed__lte=now - LEASE),
            state=OutgoingMail.State.WAITING,
            next_attempt__lte=now,
        )


class OutgoingMail(models.Model):
    """Holds ids only: the text is written at the moment of sending, from what is true then.

    `claimed` is a lease: a worker that died gives the mail back when it ends, so a mail is sent
    at least once, and twice only when a worker dies between sending and writing so.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        SEARCH_ALERT = "search_alert", _("Alert of saved searches")
        SHARE_REQUEST = "share_request", _("Request to share a document")
        SHARE_ANSWER = "share_answer", _("Answer to a request to share")
        SPACE_WORKSPACE = "space_workspace", _("Space of a workspace")
        SPACE_ORGANISATION = "space_organisation", _("Space of an organisation")
        QUARANTINE = "quarantine", _("File in quarantine")
        COALITION_JOINED = "coalition_joined", _("Coalition joined")
        COALITION_LEFT = "coalition_left", _("Coalition left")
        WORKSPACE_LEFT = "workspace_left", _("Workspace left by an organisation")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        NEEDLESS = "needless", _("No longer needed")
        GIVEN_UP = "given_up", _("Given up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.UUIDField(help_text=_("The uuid of what the mail is about."))
    recipient = models.UUIDField(
        null=True, help_text=_("The uuid of the person, where what it is about does not tell.")
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField(default=timezone.now)
    claimed = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "next_attempt"])]

    @property
    def pause(self) -> timedelta:
        """How long to wait after the attempts made so far: twice as long each time."""
        doublings: int = 2 ** max(self.attempts - 1, 0)
        return min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
