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
from coalitions.network.models import Theme
from search.engines.base import FACETS, FacetValue
from search.showing import organisations_seen

SHOWN: Final = 25

NAMES: Final[dict[str, str | Promise]] = {
    "kind": _lazy("Kind"),
    "language": _lazy("Language"),
    "organisation": _lazy("Organisation"),
    "country": _lazy("Country"),
    "theme": _lazy("Theme"),
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


def _labels(
    facets: Mapping[str, tuple[FacetValue, ...]], viewer: Viewer
) -> dict[str, dict[str, str]]:
    """Names of values by facet, in two queries."""
    codes = {value.value for value in facets.get("theme", ())}
    owners = _uuids(value.value for value in facets.get("organisation", ()))
    return {
        "kind": {
            "article": _("Knowledge article"),
            "document": _("Document"),
            "organisation": _("Organisation"),
        },
        "theme": {theme.code: theme.label for theme in Theme.objects.filter(code__in=codes)},
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
