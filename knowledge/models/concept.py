"""Concepts of the field and what each is called in every language, for searching across languages.

Invariant: a concept's code never changes. A label stands once per concept, language and folded
words; one of a language is preferred. Whatever changes a row renews the stamp in the same
transaction, so that every process notices at its next search. All of it is public.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalitions.language import analyse

MAX_LABEL = 160
MAX_KEY = 255


def label_key(text: str) -> str:
    """The folded words of a label: two labels with the same key are one."""
    return " ".join(analyse(text))


class ThesaurusStamp(models.Model):
    """One row that is renewed with every change; what is remembered of the table names it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    stamp = models.UUIDField(default=uuid.uuid4)

    @classmethod
    def renew(cls) -> ThesaurusStamp:
        """Write a new stamp. Changes wait for each other here until they are committed."""
        return cls.objects.update_or_create(pk=cls.ONLY, defaults={"stamp": uuid.uuid4()})[0]

    @classmethod
    def current(cls) -> uuid.UUID | None:
        """The stamp in force; None before anything was ever written."""
        return cls.objects.filter(pk=cls.ONLY).values_list("stamp", flat=True).first()


class StampedQuerySet(models.QuerySet[Any]):
    """Renews the stamp where Django sends no signals."""

    def update(self, **fields: Any) -> int:
        """Update, and say so."""
        changed = super().update(**fields)
        ThesaurusStamp.renew()
        return changed

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Create, and say so."""
        made = super().bulk_create(objs, *args, **options)
        ThesaurusStamp.renew()
        return made


class Concept(models.Model):
    """Something that has a name in each language, known by an immutable code."""

    code = models.SlugField(_("Code"), max_length=60, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    broader = models.ForeignKey(
        "self",
        verbose_name=_("Broader concept"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="narrower",
    )

    objects = StampedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")

    def __str__(self) -> str:
        return self.label

    def labels_by_language(self) -> dict[str, list[str]]:
        """Its labels by language, the preferred one first."""
        found: dict[str, list[str]] = {}
        for label in self.labels.all() if self.pk else ():
            found.setdefault(label.language, []).append(label.text)
        return found

    @property
    def label(self) -> str:
        """The preferred label in the active language, else in English, else its code."""
        named = self.labels_by_language()
        for language in ((get_language() or "en").split("-")[0], "en"):
            if language in named:
                return named[language][0]
        return next((labels[0] for labels in named.values()), self.code)


class ConceptLabel(models.Model):
    """What a concept is called in a language."""

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="labels")
    language = models.CharField(max_length=12)
    text = models.CharField(max_length=MAX_LABEL)
    key = models.CharField(max_length=MAX_KEY, editable=False)
    preferred = models.BooleanField(default=False)

    objects = StampedQuerySet.as_manager()

    class Meta:
        ordering = ["concept", "language", "-preferred", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "language", "key"], name="knowledge_label_once"
            ),
            models.UniqueConstraint(
                fields=["concept", "language"],
                condition=models.Q(preferred=True),
                name="knowledge_one_preferred_label",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the key in step with the text."""
        self.key = label_key(self.text)
        super().save(*args, **options)


class ConceptSeed(models.Model):
    """What was once loaded from the files that come with the portal, and is not loaded again.

    `labels` holds "language key" of every label that was: staff may have renamed, demoted or
    deleted it since, or the concept itself, and that stays so.
    """

    code = models.SlugField(max_length=60, unique=True)
    labels = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.code
