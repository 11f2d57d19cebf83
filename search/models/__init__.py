"""Rows of search: the outbox that feeds the engines, and the embedded engine's own tables."""

from search.models.entry import PAGE_BITS, Entry, EntryFacet, EntryLabel, EntryPage
from search.models.outbox import OutboxRow

__all__ = ["PAGE_BITS", "Entry", "EntryFacet", "EntryLabel", "EntryPage", "OutboxRow"]
