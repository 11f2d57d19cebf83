"""Dated rows: who had what, from when, until when.

Invariant: a dated row is ended, never overwritten or deleted, so that "who had access on that
day" is a question to the same table. Intervals are half-open, [since, until), in UTC.
"""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


def in_force(at: datetime | None = None, prefix: str = "") -> Q:
    """Return the condition "in force at `at`" (now, when None).

    `prefix` is the lookup path to the dated row, ending in two underscores.
    """
    moment = at or timezone.now()
    return Q(**{f"{prefix}since__lte": moment}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": moment})
    )


class DatedQuerySet(models.QuerySet[Any]):
    """What every table of dated rows can be asked."""

    def in_force(self, at: datetime | None = None) -> Self:
        """Return the rows in force at `at` (now, when None)."""
        return self.filter(in_force(at))


class Dated(models.Model):
    """A fact that holds from `since` until, but not at, `until`."""

    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_in_force(self, at: datetime | None = None) -> bool:
        """Return whether this row holds at `at` (now, when None)."""
        moment = at or timezone.now()
        return self.since <= moment and (self.until is None or self.until > moment)

    def end(self, at: datetime | None = None) -> None:
        """Let this row hold no longer than `at` (now, when None), and save it."""
        moment = at or timezone.now()
        if self.until is None or self.until > moment:
            self.until = max(moment, self.since)
            self.save(update_fields=["until"])
