"""The embedded engine's rows: a record, its labels, its facet values, its pages.

Invariant: no text and no titles here, only tokens' places and identifiers. Tokens lie in the
full-text tables that the migration makes for each kind of database.
"""

from __future__ import annotations

from django.db import models

# A page's key is its entry's key shifted by this, plus its place: from a page that matched to
# its record without a look-up.
PAGE_BITS = 14


class Entry(models.Model):
    """A record in the index. From `until` on nobody finds it, whatever its labels."""

    ref = models.CharField(max_length=120, unique=True)
    locale = models.CharField(max_length=12, blank=True)
    family = models.CharField(max_length=64, db_index=True)
    version = models.BigIntegerField()
    analyser = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=64, blank=True)
    date = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    objects: models.Manager[Entry] = models.Manager()


class EntryLabel(models.Model):
    """A label that lets its holders find the record."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="labels", db_index=False
    )
    label = models.CharField(max_length=60)

    objects: models.Manager[EntryLabel] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "label"], name="search_label_once"),
        )
        indexes = (models.Index(fields=["label", "entry"], name="search_label_entry"),)


class EntryTitle(models.Model):
    """A key of one of the record's titles: tells that a query is exactly that title."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="titles", db_index=False
    )
    key = models.CharField(max_length=16)

    objects: models.Manager[EntryTitle] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "key"], name="search_title_once"),)
        indexes = (models.Index(fields=["key", "entry"], name="search_title_key"),)


class EntryFacet(models.Model):
    """A value by which the record can be narrowed down and counted."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="facets", db_index=False
    )
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=80)

    objects: models.Manager[EntryFacet] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "name", "value"], name="search_facet_once"),
        )


class EntryPage(models.Model):
    """A page of the record: what its reader calls it, and whether strangers may find it."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    anchor = models.CharField(max_length=200, blank=True)
    public = models.BooleanField(default=False)

    objects: models.Manager[EntryPage] = models.Manager()
