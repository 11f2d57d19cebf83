"""PasswordResetRequest: somebody asked for a new password. The mail is sent by the worker.

Invariant: a row is written for every address that was typed, also where there is no account, so
that the answer and its time tell nothing. It holds no address and no link.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone


class PasswordResetRequest(models.Model):
    """A job. `person` is None where the address belongs to nobody: there is nothing to send."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="password_reset_requests",
    )
    language = models.CharField(max_length=8)
    requested = models.DateTimeField(default=timezone.now, db_index=True)
    sent = models.DateTimeField(null=True)
