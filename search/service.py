"""The public face of search: ask as a viewer, get what this viewer may see.

Invariant: labels filter inside the engine, and every hit is checked again against the primary
database before it is shown; a stranger asks the index of public things alone.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from coalitions.access import Viewer
from search import feeds
from search.asking import ask
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

    `complete` is False where the embedded engine stood in for the one beside it.
    """

    items: tuple[Shown, ...]
    results: Results
    shortened: bool = False
    dropped: int = 0
    engine_name: str = ""
    complete: bool = True
    also: tuple[AlsoSearched, ...] = ()

    @property
    def total(self) -> int:
        """How many results there are."""
        return max(self.results.total - self.dropped, len(self.items))


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
    answered = ask(parsed.query, Access.for_labels(viewer.labels))
    results = trim(answered.results, narrowed, viewer)
    asked = Asked(viewer, text, parsed.query.wanted, request, own=typed(parsed.query))
    items = show(results.hits, asked)
    dropped = len(results.hits) - len(items)
    if dropped:
        # The index proposed what the database disposed of: numbers only, the nightly comparison
        # names and repairs it.
        logger.warning("Search drift: %s of %s hits were dropped", dropped, len(results.hits))
        feeds.count_dropped(answered.engine_name, dropped)
    return Found(
        tuple(items),
        results,
        parsed.shortened,
        dropped,
        answered.engine_name,
        answered.complete,
        parsed.also,
    )
