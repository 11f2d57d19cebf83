"""What the embedded engine knows about itself: which rows it has built, and how common words are.

Invariant: counts of the public scope know nothing of other records.
"""

from __future__ import annotations

from django.db import models


class EmbeddedState(models.Model):
    """How far something is: `number` is what `phase` counts."""

    name = models.CharField(max_length=20, primary_key=True)
    phase = models.CharField(max_length=10, blank=True)
    number = models.BigIntegerField(default=0)
    changed = models.DateTimeField(auto_now=True)

    objects: models.Manager[EmbeddedState] = models.Manager()


class TokenCount(models.Model):
    """On how many rows a token stands, among public ones or all. Rare ones are left out."""

    pk = models.CompositePrimaryKey("public", "token")
    public = models.BooleanField()
    token = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()

    objects: models.Manager[TokenCount] = models.Manager()
