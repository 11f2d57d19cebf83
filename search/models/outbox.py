"""What each engine still has to learn.

Invariant: a row is written in the transaction of the change it speaks of, so that neither exists
without the other, by database triggers too (`search.watching`). It names an object and nothing
more: the worker reads the present state. Every engine that is fed has rows of its own, so that
none is held up by another.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OutboxRow(models.Model):
    """An object whose state in one engine may be behind.

    `claim` names the worker that is at it, since `claimed`. `xact` is PostgreSQL's number of the
    transaction that wrote the row, so that one transaction writes one row per object.
    """

    engine = models.CharField(max_length=20, default="embedded")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    failure = models.CharField(max_length=100, blank=True)
    set_aside = models.BooleanField(default=False)
    claim = models.UUIDField(null=True)
    claimed = models.DateTimeField(null=True)
    xact = models.BigIntegerField(null=True)

    objects: models.Manager[OutboxRow] = models.Manager()

    class Meta:
        indexes = (
            models.Index(fields=["engine", "set_aside", "next_try"], name="search_outbox_due"),
            models.Index(fields=["engine", "kind", "key"], name="search_outbox_object"),
            models.Index(fields=["engine", "set_aside", "created"], name="search_outbox_oldest"),
        )
