"""Acknowledgement: a person read a notice that everybody is given once."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Acknowledgement(models.Model):
    """Written once per person and notice, and kept."""

    class Notice(models.TextChoices):
        READING = "reading", _("Views and downloads are recorded")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    notice = models.CharField(max_length=20, choices=Notice.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "notice"], name="accounts_notice_acknowledged_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.notice}"
