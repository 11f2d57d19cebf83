"""Places and organisations among the facets: who may narrow by them, who is told of them.

Invariant: a value that the viewer may not see is answered exactly like one that does not exist,
chosen or not. A document shared beyond its workspace does not tell outsiders which one it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from coalitions.access import Viewer
from coalitions.network.labels import organisation_labels
from coalitions.network.models import Organisation
from search.engines.base import FacetValue, Results

# No record has this value: it stands for all that may not be chosen.
_NOTHING: Final = "-"


def uuids(values: Iterable[str]) -> set[UUID]:
    """Those of the values that are uuids, written the one way in which they are indexed."""
    found = set()
    for value in values:
        try:
            uuid = UUID(value)
        except ValueError:
            continue
        if str(uuid) == value:
            found.add(uuid)
    return found


def organisations_seen(found: Iterable[UUID], viewer: Viewer) -> dict[UUID, Organisation]:
    """Those of the organisations that the viewer may see, by uuid."""
    seen = Organisation.objects.visible_to(viewer).filter(uuid__in=set(found))
    return {organisation.uuid: organisation for organisation in seen}


def organisation_seen(organisation: Organisation, viewer: Viewer) -> Organisation | None:
    """An organisation just read from the database, where the viewer may see it."""
    return organisation if viewer.sees(organisation_labels(organisation)) else None


def _seen(name: str, values: Collection[str], viewer: Viewer) -> set[str]:
    """Those of the values of a facet that this viewer may know."""
    if name == "workspace":
        return {str(uuid) for uuid in viewer.workspaces}.intersection(values)
    if name == "organisation":
        organisations = Organisation.objects.visible_to(viewer).filter(uuid__in=uuids(values))
        return {str(uuid) for uuid in organisations.order_by().values_list("uuid", flat=True)}
    return set(values)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Filters as an engine may be asked, and what was chosen of each."""

    filters: Mapping[str, frozenset[str]]
    chosen: Mapping[str, frozenset[str]]


def narrow(chosen: Mapping[str, Collection[str]], viewer: Viewer) -> Narrowed:
    """Put a value that nothing has in the place of those that the viewer may not see."""
    filters = {}
    for name, values in chosen.items():
        seen = _seen(name, values, viewer)
        if len(seen) < len(set(values)):
            seen.add(_NOTHING)
        filters[name] = frozenset(seen)
    return Narrowed(filters, {name: frozenset(values) for name, values in chosen.items()})


def trim(results: Results, narrowed: Narrowed, viewer: Viewer) -> Results:
    """Take out of the facets what the viewer may not see; what was chosen stays, with nothing."""
    facets = {}
    for name, values in results.facets.items():
        seen = _seen(name, [value.value for value in values], viewer)
        kept = [value for value in values if value.value in seen and value.value != _NOTHING]
        there = {value.value for value in kept}
        kept += [
            FacetValue(value, 0, True)
            for value in sorted(narrowed.chosen.get(name, frozenset()) - there)
        ]
        if kept:
            facets[name] = tuple(kept)
    return replace(results, facets=facets)
