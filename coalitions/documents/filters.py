"""What a list of documents can be narrowed by.

Invariant: the choices of a filter are made from what the viewer may see, or are the same for all;
what is not among them narrows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.models import Document
from coalitions.network.models import (
    ConventionArticle,
    Country,
    DocumentType,
    Organisation,
    Programme,
    Theme,
)
from coalitions.network.names import local_name
from coalitions.network.presentation import by_name, country_name

Choices = list[tuple[str, Any]]
Documents = QuerySet[Document]


@dataclass(frozen=True)
class Filter:
    """`choices`: made from which documents, for whom; `narrows`: what a choice means."""

    name: str
    label: Any
    choices: Callable[[Documents, Viewer], Choices]
    narrows: Callable[[str], Q]


def owners_of(documents: Documents, viewer: Viewer) -> list[Organisation]:
    """Return the owners that the viewer may know, by name."""
    owned = Exists(documents.order_by().filter(owner=OuterRef("pk")))
    found = Organisation.objects.visible_to(viewer).filter(owned)
    return sorted(found, key=lambda owner: by_name(owner.name))


def _all_types(_documents: Documents, _viewer: Viewer) -> Choices:
    types = DocumentType.objects.values_list("code", "labels")
    return [(code, local_name(labels, code)) for code, labels in types]


def _types(documents: Documents, _viewer: Viewer) -> Choices:
    found = DocumentType.objects.filter(Exists(documents.order_by().filter(type=OuterRef("pk"))))
    return [(row.code, row.label) for row in found]


def _all_languages(_documents: Documents, _viewer: Viewer) -> Choices:
    return list(settings.LANGUAGES)


def _languages(documents: Documents, _viewer: Viewer) -> Choices:
    found = set(documents.order_by().values_list("language", flat=True).distinct())
    return [(code, name) for code, name in settings.LANGUAGES if code in found]


def theme_choices() -> list[tuple[int, str]]:
    """Return all themes by key, each followed by its parts, which are written with its name."""
    themes = list(Theme.objects.all())
    choices = []
    for theme in themes:
        if theme.parent_id is None:
            choices.append((theme.pk, theme.label))
            parts = [part for part in themes if part.parent_id == theme.pk]
            choices += [(part.pk, f"{theme.label} · {part.label}") for part in parts]
    return choices


def _themes(documents: Documents, _viewer: Viewer) -> Choices:
    """Themes that documents have, each before its parts; a theme holds those of its parts."""
    every = Theme.objects.annotate(used=Exists(documents.order_by().filter(themes=OuterRef("pk"))))
    rows = list(every)
    with_used_parts = {row.parent_id for row in rows if row.used}
    choices = []
    for row in rows:
        if row.parent_id is not None:
            continue
        if row.used or row.pk in with_used_parts:
            choices.append((row.code, row.label))
        parts = [part for part in rows if part.parent_id == row.pk and part.used]
        choices += [(part.code, f"{row.label} · {part.label}") for part in parts]
    return choices


def _articles(documents: Documents, _viewer: Viewer) -> Choices:
    used = Exists(documents.order_by().filter(articles=OuterRef("pk")))
    return [(str(row.number), str(row)) for row in ConventionArticle.objects.filter(used)]


def _countries(documents: Documents, _viewer: Viewer) -> Choices:
    used = Exists(documents.order_by().filter(countries=OuterRef("pk")))
    codes = Country.objects.filter(used).values_list("code", flat=True)
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: by_name(pair[1]))


def _programmes(documents: Documents, viewer: Viewer) -> Choices:
    used = Exists(documents.order_by().filter(programme=OuterRef("pk")))
    found = Programme.objects.visible_to(viewer).filter(used)
    return sorted(((row.code, row.name) for row in found), key=lambda pair: by_name(pair[1]))


def _years(documents: Documents, _viewer: Viewer) -> Choices:
    dated = documents.order_by().filter(date__isnull=False)
    years = dated.values_list("date__year", flat=True).distinct()
    return [(str(year), str(year)) for year in sorted(years, reverse=True)]


def _with(field: str, **condition: str) -> Q:
    """Return "has one such row", without saying a document twice that has several."""
    through = getattr(Document, field).through.objects.filter(document=OuterRef("pk"))
    matches = Q()
    for lookup, value in condition.items():
        matches |= Q(**{lookup: value})
    return Q(Exists(through.filter(matches)))


_TYPE, _LANGUAGE = _("Type"), _("Language")
OWNER: Final = Filter(
    "owner",
    _("Organisation"),
    lambda documents, viewer: [(str(row.uuid), row.name) for row in owners_of(documents, viewer)],
    lambda value: Q(owner__uuid=value),
)
# In a folder what can be chosen is the same for all, and costs the same for many documents as for
# few; the owners are those of its workspace.
FOLDER_FILTERS: Final = (
    Filter("type", _TYPE, _all_types, lambda value: Q(type__code=value)),
    Filter("language", _LANGUAGE, _all_languages, lambda value: Q(language=value)),
    OWNER,
)
LIBRARY_FILTERS: Final = (
    Filter(
        "theme",
        _("Theme"),
        _themes,
        lambda value: _with("themes", theme__code=value, theme__parent__code=value),
    ),
    Filter(
        "article",
        _("Convention article"),
        _articles,
        lambda value: _with("articles", conventionarticle__number=value),
    ),
    Filter(
        "country",
        _("Country"),
        _countries,
        lambda value: _with("countries", country__code=value),
    ),
    OWNER,
    Filter("language", _LANGUAGE, _languages, lambda value: Q(language=value)),
    Filter("type", _TYPE, _types, lambda value: Q(type__code=value)),
    Filter("programme", _("Programme"), _programmes, lambda value: Q(programme__code=value)),
    Filter("year", _("Year"), _years, lambda value: Q(date__year=int(value))),
)
