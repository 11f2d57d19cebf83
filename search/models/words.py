"""Words of titles and texts, for suggestions and corrections.

Invariant: what somebody may be shown is found by their labels as part of the key, so that a word
which only hidden records hold costs no time. Words are folded, not stemmed; titles and texts
themselves are not here. The tables have no other keys than their own words: see the migration.
"""

from __future__ import annotations

from django.db import models

from search.models.entry import Entry


class EntryWords(models.Model):
    """What a record adds to the tables below, to be written again when its labels change.

    `heads`: the words of its titles, in order; `vocabulary`: those of its text, packed.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    heads = models.TextField(blank=True)
    vocabulary = models.BinaryField()

    objects: models.Manager[EntryWords] = models.Manager()


class Head(models.Model):
    """A word of a record's title, under each of the record's labels; `place`: where it stands."""

    pk = models.CompositePrimaryKey("label", "word", "entry")
    label = models.CharField(max_length=60)
    word = models.CharField(max_length=64)
    entry = models.BigIntegerField(db_index=True)
    place = models.PositiveSmallIntegerField()

    objects: models.Manager[Head] = models.Manager()


class LabelWord(models.Model):
    """A word that stood in some record with this label."""

    pk = models.CompositePrimaryKey("word", "label")
    word = models.CharField(max_length=64)
    label = models.CharField(max_length=60)

    objects: models.Manager[LabelWord] = models.Manager()


class Spelling(models.Model):
    """A word under itself and under each of its cuts: the word without one of its letters."""

    pk = models.CompositePrimaryKey("cut", "word")
    cut = models.CharField(max_length=64)
    word = models.CharField(max_length=64)

    objects: models.Manager[Spelling] = models.Manager()
