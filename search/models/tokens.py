"""All tokens of a record in one place, to tell quickly which records hold a word."""

from __future__ import annotations

from django.db import models

from search.models.entry import Entry


class EntryTokens(models.Model):
    """On PostgreSQL a `vector` of tokens without places, made by the migration; rows are few."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="tokens")
    public = models.BooleanField(default=False)

    objects: models.Manager[EntryTokens] = models.Manager()
