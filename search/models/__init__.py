"""Rows of search: what feeds the engines and how they stand, and the embedded engine's tables."""

from search.models.entry import PAGE_BITS, Entry, EntryFacet, EntryLabel, EntryPage, EntryTitle
from search.models.feed import Feed
from search.models.outbox import OutboxRow
from search.models.saved import SavedSearch, SavedSearchFind, SearchAlert
from search.models.state import EmbeddedState, TokenCount
from search.models.tokens import EntryTokens
from search.models.withheld import Withheld
from search.models.words import EntryWords, Head, LabelWord, Spelling

__all__ = [
    "PAGE_BITS",
    "EmbeddedState",
    "Entry",
    "EntryFacet",
    "EntryLabel",
    "EntryPage",
    "EntryTitle",
    "EntryTokens",
    "EntryWords",
    "Feed",
    "Head",
    "LabelWord",
    "OutboxRow",
    "SavedSearch",
    "SavedSearchFind",
    "SearchAlert",
    "Spelling",
    "TokenCount",
    "Withheld",
]
