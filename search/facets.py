"""Facets and pills as a reader sees them: names for values, addresses that keep the rest.

Invariant: an organisation is named, and offered, only to those who may see it; what was chosen
by address alone is shown under its own code and never explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coalitions.access import Viewer
from coalitions.documents.models import DocumentAudience
from coalitions.network.models import ConventionArticle, DocumentType, Theme, Workspace
from search.engines.base import FACETS, FacetValue
from search.showing import organisations_seen

SHOWN: Final = 25

NAMES: Final[dict[str, str | Promise]] = {
    "kind": _lazy("Kind"),
    "theme": _lazy("Theme"),
    "article": _lazy("Article of the Convention"),
    "country": _lazy("Country"),
    "organisation": _lazy("Organisation"),
    "workspace": _lazy("Workspace"),
    "language": _lazy("Language"),
    "type": _lazy("Type"),
    "year": _lazy("Year"),
    "audience": _lazy("Audience"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick. `label` is None where the template names the code (languages, countries)."""

    value: str
    label: str | None
    count: int
    chosen: bool
    without: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One facet. It stands open when something in it is chosen."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> bool:
        """Whether any of its values is chosen."""
        return any(choice.chosen for choice in self.choices)


def _uuids(values: Iterable[str]) -> set[UUID]:
    found = set()
    for value in values:
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return found


def _numbers(facets: Mapping[str, tuple[FacetValue, ...]]) -> set[int]:
    values = (value.value for value in facets.get("article", ()))
    return {int(value) for value in values if value.isascii() and value.isdigit()}


def _labels(
    facets: Mapping[str, tuple[FacetValue, ...]], viewer: Viewer
) -> dict[str, dict[str, str]]:
    """Names of values by facet, in a query for each facet whose names are kept in tables."""
    codes = {value.value for value in facets.get("theme", ())}
    owners = _uuids(value.value for value in facets.get("organisation", ()))
    return {
        "kind": {
            "article": _("Knowledge article"),
            "document": _("Document"),
            "organisation": _("Organisation"),
        },
        "theme": {theme.code: theme.label for theme in Theme.objects.filter(code__in=codes)},
        "article": {
            str(article.number): str(article)
            for article in ConventionArticle.objects.filter(number__in=_numbers(facets))
        },
        "type": {
            kind.code: kind.label
            for kind in DocumentType.objects.filter(
                code__in={value.value for value in facets.get("type", ())}
            )
        },
        "workspace": {
            str(workspace.uuid): workspace.name
            for workspace in Workspace.objects.visible_to(viewer).filter(
                uuid__in=_uuids(value.value for value in facets.get("workspace", ()))
            )
        },
        "year": {value.value: value.value for value in facets.get("year", ())},
        "audience": {
            rung: str(name) for rung, name in DocumentAudience._meta.get_field("rung").choices or ()
        },
        "organisation": {
            str(uuid): organisation.name
            for uuid, organisation in organisations_seen(owners, viewer).items()
        },
    }


def groups(
    facets: Mapping[str, tuple[FacetValue, ...]], viewer: Viewer, parameters: QueryDict
) -> list[Group]:
    """The facets to narrow by, in their order."""
    labels = _labels(facets, viewer)
    found = []
    for name in FACETS:
        known = labels.get(name)
        choices = []
        for value in facets.get(name, ()):
            label = None if known is None else known.get(value.value)
            if known is not None and label is None:
                if not value.chosen:
                    continue
                label = value.value[:40]
            choices.append(
                Choice(
                    value.value,
                    label,
                    value.count,
                    value.chosen,
                    without(parameters, name, value.value),
                )
            )
        choices.sort(key=lambda choice: not choice.chosen)
        if choices:
            found.append(Group(name, str(NAMES[name]), tuple(choices[:SHOWN])))
    return found


def without(parameters: QueryDict, name: str, value: str) -> str:
    """The query string without one chosen value, and from the first page."""
    left = parameters.copy()
    left.setlist(name, [held for held in left.getlist(name) if held != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"
