"""Saved searches: what a person asks again and again, and what they were told of it already.

Invariant: a row belongs to one person and nobody else reads it. It holds what was typed and refs
of what was found, no titles and no text; whether something may still be seen is asked anew
each time. Of the key of a feed only a digest is kept.
"""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer

NAME_LIMIT = 80


class SavedSearchQuerySet(models.QuerySet[Any]):
    """Saved searches."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the viewer's own."""
        if viewer.user_uuid is None:
            return self.none()
        return self.filter(owner__uuid=viewer.user_uuid)

    def alerting(self) -> Self:
        """Return those whose owners want mail, and may have it."""
        return self.exclude(frequency=SavedSearch.Frequency.NEVER).filter(
            paused=False, owner__is_active=True
        )


class SavedSearch(models.Model):
    """`number`: how mails name it. `due`: when it is to be run; None where no mail is wanted.

    `digest`: of the question, so that one person saves it once. `language`: that of the interface
    in which it was saved, in which its feed is written.
    """

    class Frequency(models.TextChoices):
        NEVER = "never", _("No mail")
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Every morning")
        WEEKLY = "weekly", _("Every Monday morning")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    number = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(_("Name"), max_length=NAME_LIMIT)
    text = models.CharField(max_length=400, blank=True)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=10, default="relevance")
    concepts = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, editable=False)
    language = models.CharField(max_length=8, default="en")
    frequency = models.CharField(
        _("Mail"), max_length=10, choices=Frequency.choices, default=Frequency.NEVER
    )
    paused = models.BooleanField(_("Paused"), default=False)
    due = models.DateTimeField(null=True, editable=False)
    made = models.DateTimeField(default=timezone.now, editable=False)
    last_run = models.DateTimeField(null=True, editable=False)
    feed_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    feed_made = models.DateTimeField(null=True, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="search_saved_number_once"),
            models.UniqueConstraint(fields=["owner", "digest"], name="search_saved_once"),
        ]
        indexes = [
            models.Index(fields=["due"], name="search_saved_due", condition=Q(due__isnull=False)),
            models.Index(fields=["frequency", "due"], name="search_saved_frequency"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class SearchAlert(models.Model):
    """One mail that is owed to one person, about everything new in all of their due searches."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="search_alerts"
    )
    made = models.DateTimeField(default=timezone.now)

    objects: models.Manager[SearchAlert] = models.Manager()


class SavedSearchFind(models.Model):
    """Something that a saved search found, and since when; it is never news again.

    `told`: it was there when the search was saved, or an alert was written about it. What a feed
    showed first is not told by mail yet.
    """

    saved_search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="finds")
    ref = models.CharField(max_length=120)
    first_seen = models.DateTimeField(default=timezone.now)
    told = models.BooleanField(default=False)
    alert = models.ForeignKey(
        SearchAlert, null=True, on_delete=models.SET_NULL, related_name="finds"
    )

    objects: models.Manager[SavedSearchFind] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["saved_search", "ref"], name="search_find_once"),
        ]
