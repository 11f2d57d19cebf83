"""Facets and pills as a reader sees them: names for values, addresses that keep the rest.

Invariant: what was chosen by address alone is shown under its own code and never explained; what
the viewer may not see was taken out before (`search.seeing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coalitions.access import Rung, Viewer
from coalitions.network.models import ConventionArticle, DocumentType, Theme, Workspace
from search.engines.base import FACETS, FacetValue
from search.seeing import organisations_seen, uuids

SHOWN: Final = 8
MOST: Final = 250
ARTICLES: Final = 54

Facets = Mapping[str, tuple[FacetValue, ...]]

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


class Label(NamedTuple):
    """A name, and the language it is in where that is not the reader's."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick. `label` is None where the template names the code (languages, countries)."""

    value: str
    label: str | None
    count: int
    chosen: bool
    without: str = ""
    language: str = ""
    rung: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One facet: the choices at hand, and those behind "show all"."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()

    @property
    def chosen(self) -> tuple[Choice, ...]:
        """Those of its values that are chosen."""
        return tuple(choice for choice in (*self.choices, *self.more) if choice.chosen)


def _codes(facets: Facets, name: str) -> list[str]:
    return [value.value for value in facets.get(name, ())]


def _numbers(facets: Facets) -> list[int]:
    values = _codes(facets, "article")
    numbers = (int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 3)
    return [number for number in numbers if 0 < number <= ARTICLES]


def _terms(model: type[Theme] | type[DocumentType], codes: list[str]) -> dict[str, Label]:
    found = model.objects.filter(code__in=codes) if codes else ()
    return {term.code: Label(term.label) for term in found}


def _labels(facets: Facets, viewer: Viewer) -> dict[str, dict[str, Label]]:
    """Names of values by facet, in a query for each facet whose names are kept in tables."""
    numbers = _numbers(facets)
    owners = uuids(_codes(facets, "organisation"))
    places = uuids(_codes(facets, "workspace"))
    return {
        "kind": {
            "article": Label(_("Knowledge article")),
            "document": Label(_("Document")),
            "organisation": Label(_("Organisation")),
        },
        "theme": _terms(Theme, _codes(facets, "theme")),
        "article": {
            str(article.number): Label(str(article))
            for article in (ConventionArticle.objects.filter(number__in=numbers) if numbers else ())
        },
        "type": _terms(DocumentType, _codes(facets, "type")),
        "workspace": {
            str(workspace.uuid): Label(workspace.name, workspace.language)
            for workspace in (
                Workspace.objects.visible_to(viewer).filter(uuid__in=places) if places else ()
            )
        },
        "year": {code: Label(code) for code in _codes(facets, "year")},
        "audience": {rung.value: Label(rung.value) for rung in Rung},
        "organisation": {
            str(uuid): Label(organisation.name, organisation.name_language)
            for uuid, organisation in (organisations_seen(owners, viewer).items() if owners else ())
        },
    }


def _number(choice: Choice) -> int:
    value = choice.value
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 0


_RUNGS: Final = [rung.value for rung in Rung]
# The others come with the most frequent first, as they were counted.
_ORDER: Final[dict[str, Callable[[Choice], int]]] = {
    "article": _number,
    "year": lambda choice: -_number(choice),
    "audience": lambda choice: _RUNGS.index(choice.value) if choice.value in _RUNGS else -1,
}


def _by_weight(choice: Choice) -> tuple[int, bool, str]:
    label = choice.label or ""
    return -choice.count, label == choice.value[:40], label


def _choices(
    name: str,
    values: Sequence[FacetValue],
    known: Mapping[str, Label] | None,
    parameters: QueryDict,
) -> list[Choice]:
    choices = []
    for value in values:
        label = known.get(value.value) if known is not None else None
        if known is not None and label is None:
            if not value.chosen:
                continue
            label = Label(value.value[:40])
        choices.append(
            Choice(
                value=value.value,
                label=label.text if label else None,
                count=value.count,
                chosen=value.chosen,
                without=without(parameters, name, value.value),
                language=label.language if label else "",
                rung=value.value if name == "audience" and value.value in _RUNGS else "",
            )
        )
    # The most frequent first, by name where two are alike, and what has no name last.
    choices.sort(key=_ORDER.get(name) or _by_weight)
    return choices


def groups(facets: Facets, viewer: Viewer, parameters: QueryDict) -> list[Group]:
    """The facets to narrow by, in their order; of a long one the chosen and the most frequent."""
    labels = _labels(facets, viewer)
    found = []
    for name in FACETS:
        choices = _choices(name, facets.get(name, ()), labels.get(name), parameters)
        if not choices:
            continue
        shown = choices
        if len(choices) > SHOWN + 1:
            by_weight = sorted(choices, key=lambda choice: (not choice.chosen, -choice.count))
            first = {choice.value for choice in by_weight[:SHOWN] if choice.count or choice.chosen}
            first |= {choice.value for choice in choices if choice.chosen}
            shown = [choice for choice in choices if choice.value in first]
        rest = [choice for choice in choices if choice not in shown][:MOST]
        found.append(Group(name, str(NAMES[name]), tuple(shown), tuple(rest)))
    return found


def without(parameters: QueryDict, name: str, value: str) -> str:
    """The query string without one chosen value, and from the first page."""
    left = parameters.copy()
    left.setlist(name, [held for held in left.getlist(name) if held != value])
    left.pop("page", None)
    return f"?{left.urlencode()}"
