"""What the index still has to learn.

Invariant: a row is written in the transaction of the change it speaks of, so that neither exists
without the other. It names an object and nothing more: the worker reads the present state.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OutboxRow(models.Model):
    """An object whose state in the index may be behind."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=100, blank=True)
    set_aside = models.BooleanField(default=False)

    objects: models.Manager[OutboxRow] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=["set_aside", "next_try"], name="search_outbox_due"),
            models.Index(fields=["kind", "key"], name="search_outbox_object"),
        )
