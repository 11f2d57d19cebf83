"""The public face of search: ask as a viewer, get what this viewer may see.

Invariant: labels filter inside the engine, and every hit is checked again against the primary
database before it is shown; a stranger asks the index of public things alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language

from coalitions.access import Viewer
from coalitions.language import language_code
from search import feeds
from search.asking import Answered, ask
from search.concepts import AlsoSearched, thesaurus
from search.engines.base import (
    FACETS,
    PAGE_SIZE,
    Query,
    Results,
    SearchUnavailable,
    Sort,
    TooManyLabels,
)
from search.query import Parsed, parse
from search.seeing import narrow, trim
from search.showing import Shown, asked_by, show
from search.withholding import access_of

__all__ = ["AlsoSearched", "Found", "SearchUnavailable", "Shown", "TooManyLabels", "find"]

logger = logging.getLogger(__name__)

MAX_VALUES: Final = 30
MAX_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """An answer for one viewer. `dropped` hits were in the index and may not be seen any more.

    `miscounted` of them are still counted, after the index was asked without the others.
    `complete` is False where the embedded engine stood in for the one beside it. `query`: what
    the engine was asked.
    """

    items: tuple[Shown, ...]
    results: Results
    shortened: bool = False
    dropped: int = 0
    engine_name: str = ""
    complete: bool = True
    also: tuple[AlsoSearched, ...] = ()
    miscounted: int = 0
    query: Query = field(default_factory=Query)

    @property
    def total(self) -> int:
        """How many results there are."""
        return max(self.results.total - self.miscounted, len(self.items))


def find(
    viewer: Viewer,
    text: str,
    *,
    filters: Mapping[str, Collection[str]] | None = None,
    sort: Sort = "relevance",
    page: int = 1,
    size: int = PAGE_SIZE,
    request: HttpRequest | None = None,
    concepts: bool = True,
) -> Found:
    """Search as `viewer`. Raises SearchUnavailable where the engine does not answer.

    `filters`: facet name to values (of one facet any, of several all); unknown facets are
    left out. `request` only helps to write addresses of articles. `concepts`: look for what is
    recognised under its names in other languages too; `Found.also` tells of them.
    """
    narrowed = narrow(_known(filters or {}), viewer)
    parsed = parse(
        text,
        filters=narrowed.filters,
        sort=sort,
        page=page,
        size=max(1, min(size, MAX_SIZE)),
        concepts=thesaurus() if concepts else None,
        locale=language_code(get_language()),
    )
    checked = _checked(viewer, text, parsed, request)
    return Found(
        items=checked.items,
        results=trim(checked.answered.results, narrowed, viewer),
        shortened=parsed.shortened,
        dropped=checked.dropped,
        engine_name=checked.answered.engine_name,
        complete=checked.answered.complete,
        also=parsed.also,
        miscounted=checked.miscounted,
        query=parsed.query,
    )


def _known(filters: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The facets that there are, each with so many values as can be asked."""
    return {
        name: sorted(set(values))[:MAX_VALUES] for name, values in filters.items() if name in FACETS
    }


class _Checked(NamedTuple):
    """An answer, and what of it the database still lets this viewer see."""

    answered: Answered
    items: tuple[Shown, ...]
    dropped: int = 0
    miscounted: int = 0


def _checked(viewer: Viewer, text: str, parsed: Parsed, request: HttpRequest | None) -> _Checked:
    """Ask; once more without them, where hits may not be seen any more."""
    access = access_of(viewer)
    asked = asked_by(viewer, text, parsed, request)
    answered = ask(parsed.query, access)
    items = show(answered.results.hits, asked)
    gone = _gone(answered, items)
    if not gone:
        return _Checked(answered, tuple(items))
    # So that totals and facets tell of what is shown and no more.
    answered = ask(parsed.query, replace(access, withheld=access.withheld | gone))
    items = show(answered.results.hits, asked)
    miscounted = len(_gone(answered, items))
    return _Checked(answered, tuple(items), len(gone) + miscounted, miscounted)


def _gone(answered: Answered, items: Collection[Shown]) -> frozenset[str]:
    """The hits that the index proposed and the database disposed of.

    They are counted and logged as a number; the nightly comparison names and repairs them.
    """
    hits = answered.results.hits
    if len(hits) == len(items):
        return frozenset()
    gone = {hit.ref for hit in hits} - {item.ref for item in items}
    logger.warning("Search drift: %s of %s hits were dropped", len(gone), len(hits))
    feeds.count_dropped(answered.engine_name, len(gone))
    return frozenset(gone)
