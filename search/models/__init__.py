"""Rows of search: what feeds the engines and how they stand, and the embedded engine's tables."""

from search.models.entry import PAGE_BITS, Entry, EntryFacet, EntryLabel, EntryPage
from search.models.feed import Feed
from search.models.outbox import OutboxRow
from search.models.withheld import Withheld

__all__ = [
    "PAGE_BITS",
    "Entry",
    "EntryFacet",
    "EntryLabel",
    "EntryPage",
    "Feed",
    "OutboxRow",
    "Withheld",
]
