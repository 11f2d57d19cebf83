"""The vocabularies: countries, themes, Convention articles, document types.

Invariant: a code or number never changes once it exists; labels may. Vocabularies are public.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.names import local_name


class Term(models.Model):
    """A term of a vocabulary, known by an immutable code and labelled by language."""

    code = models.SlugField(_("Code"), max_length=60, unique=True)
    labels = models.JSONField(_("Labels"), default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The label in the active language."""
        return local_name(self.labels, self.code)


class Theme(Term):
    """One of the nine themes, or a sub-theme of one."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="subthemes"
    )

    class Meta(Term.Meta):
        abstract = False


class DocumentType(Term):
    """What kind of text a document is."""

    class Meta(Term.Meta):
        abstract = False


class ConventionArticle(models.Model):
    """One of the 54 articles of the Convention on the Rights of the Child (1989)."""

    number = models.PositiveSmallIntegerField(unique=True)
    titles = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    @property
    def title(self) -> str:
        """The short descriptive title in the active language."""
        return local_name(self.titles, str(self.number))


class Country(models.Model):
    """A country or territory by its ISO 3166-1 alpha-2 code; names come from CLDR."""

    code = models.CharField(max_length=2, unique=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
