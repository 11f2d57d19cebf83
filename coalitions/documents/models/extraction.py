"""TextExtraction: the job that reads a version's text. Jobs are rows; messages only nudge."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextExtraction(models.Model):
    """One per version. `claimed` is a lease: a worker that died gives the job back when it ends.

    `names`: how many things the file says about people who made it, never which; None: not known.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be read")
        DONE = "done", _("Text read")
        FAILED = "failed", _("Text could not be read")

    version = models.OneToOneField(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="extraction"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    names = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
