"""How each engine stands: fed, built, paused, compared.

Invariant: an engine beside the embedded one is asked only when `built` says that it was once
built whole, by the analyser of this version of the portal.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class Feed(models.Model):
    """One engine. Changes are noted for the embedded engine and for every row here.

    `troubles`: how often in a row it did not answer the worker, which waits until `paused_until`.
    `rebuilding`: the last sign of life of a rebuild. `drift`: what the comparison of `verified`
    found, in numbers. `dropped`: hits that the database disposed of.
    """

    name = models.CharField(max_length=20, unique=True)
    built = models.DateTimeField(null=True)
    analyser = models.PositiveSmallIntegerField(null=True)
    troubles = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    rebuilding = models.DateTimeField(null=True)
    verified = models.DateTimeField(null=True)
    drift: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict)
    dropped = models.PositiveBigIntegerField(default=0)

    objects: models.Manager[Feed] = models.Manager()
