"""Records of which sight was taken away, until the engine beside the database has learned it.

Invariant: a row is written in the transaction that takes sight away, and removed only after the
engine was brought in step with a state that was read after the row was.
"""

from __future__ import annotations

from django.db import models


class Withheld(models.Model):
    """Only holders of one of `labels` (joined by spaces; none: nobody) may find the record."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    ref = models.CharField(max_length=120)
    labels = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    objects: models.Manager[Withheld] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=["kind", "key"], name="search_withheld_object"),)
