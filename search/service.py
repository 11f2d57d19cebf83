"""The public face of search: ask as a viewer, get what this viewer may see.

Invariant: labels filter inside the engine, and every hit is checked again against the primary
database before it is shown; a stranger asks the index of public things alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest

from coalitions.access import Viewer
from search import feeds
from search.asking import Answered, ask
from search.concepts import AlsoSearched, thesaurus
from search.engines.base import (
    FACETS,
    PAGE_SIZE,
    Access,
    Results,
    SearchUnavailable,
    Sort,
    TooManyLabels,
)
from search.query import parse
from search.seeing import narrow, trim
from search.showing import Asked, Shown, show, typed

__all__ = ["AlsoSearched", "Found", "SearchUnavailable", "Shown", "TooManyLabels", "find"]

logger = logging.getLogger(__name__)

MAX_VALUES: Final = 30
MAX_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """An answer for one viewer. `dropped` hits were in the index and may not be seen any more.

    `miscounted` of them are still counted, after the index was asked without the others.
    `complete` is False where the embedded engine stood in for the one beside it.
    """

    items: tuple[Shown, ...]
    results: Results
    shortened: bool = False
    dropped: int = 0
    engine_name: str = ""
    complete: bool = True
    also: tuple[AlsoSearched, ...] = ()
    miscounted: int = 0

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
    known = {
        name: sorted(set(values))[:MAX_VALUES]
        for name, values in (filters or {}).items()
        if name in FACETS
    }
    narrowed = narrow(known, viewer)
    parsed = parse(
        text,
        filters=narrowed.filters,
        sort=sort,
        page=page,
        size=max(1, min(size, MAX_SIZE)),
        concepts=thesaurus() if concepts else None,
    )
    access = Access.for_labels(viewer.labels)
    answered = ask(parsed.query, access)
    asked = Asked(viewer, text, parsed.query.wanted, request, own=typed(parsed.query))
    items = show(answered.results.hits, asked)
    gone = _gone(answered, items)
    dropped = miscounted = len(gone)
    if gone:
        # Once more without them, so that totals and facets tell of what is shown and no more.
        answered = ask(parsed.query, replace(access, withheld=gone))
        items = show(answered.results.hits, asked)
        miscounted = len(_gone(answered, items))
        dropped += miscounted
    results = trim(answered.results, narrowed, viewer)
    return Found(
        tuple(items),
        results,
        parsed.shortened,
        dropped,
        answered.engine_name,
        answered.complete,
        parsed.also,
        miscounted,
    )


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
