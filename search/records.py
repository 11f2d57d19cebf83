"""A record: one thing in one language, as the database says it is now, before analysis.

Invariant: its fingerprint changes when anything but its labels does; its pages are short enough
for every engine, whatever a file calls a page.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Final, NamedTuple

from coalitions.language import ANALYSER_VERSION, analyse, analyse_with_parts, parts_of
from search.engines.base import MAX_PAGES
from search.engines.index_docs import IndexDoc, IndexPage, title_key

# Engines count positions up to a limit, and a score compares pages of like length.
MAX_PAGE_TOKENS: Final = 4_000
MAX_VOCABULARY_CHARACTERS: Final = 20_000
# A file that is nothing but text is cut here; the rest is readable but not searchable.
MAX_CHARACTERS: Final = 20_000_000


class Words(NamedTuple):
    """A text and the language it is written in."""

    text: str
    language: str


class PageText(NamedTuple):
    """A page's text; `number` 0 where the thing has no pages."""

    number: int
    text: str
    language: str
    anchor: str = ""


def midnight(day: date | None, fallback: datetime | None = None) -> datetime | None:
    """The day as an instant in UTC, to sort by."""
    return datetime.combine(day, time(), tzinfo=UTC) if day is not None else fallback


@dataclass(frozen=True)
class Record:
    """See the module. `family` joins the languages of one thing and is its key."""

    ref: str
    locale: str
    family: str
    labels: frozenset[str]
    facets: Mapping[str, tuple[str, ...]]
    date: datetime | None
    titles: tuple[Words, ...]
    pages: tuple[PageText, ...]
    until: datetime | None = None

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything but the labels."""
        facts = [
            self.locale,
            self.family,
            sorted((name, sorted(values)) for name, values in self.facets.items()),
            str(self.date),
            str(self.until),
            self.titles,
        ]
        digest = hashlib.sha256(json.dumps(facts).encode())
        for page in self.pages:
            digest.update(json.dumps(page).encode())
        return digest.hexdigest()

    def analysed(self, version: int) -> IndexDoc:
        """The record as engines take it."""
        titles = [analyse(words.text, words.language) for words in self.titles]
        heads = [word for words in self.titles for word in analyse(words.text)]
        return IndexDoc(
            ref=self.ref,
            locale=self.locale,
            family=self.family,
            version=version,
            analyser=ANALYSER_VERSION,
            labels=self.labels,
            facets=self.facets,
            date=self.date,
            title=[token for title in titles for token in title],
            pages=list(self._pages()),
            fingerprint=self.fingerprint,
            until=self.until,
            title_keys=tuple(dict.fromkeys(title_key(title) for title in titles if title)),
            heads=tuple(dict.fromkeys(heads)),
            vocabulary=self._vocabulary(heads),
        )

    def _vocabulary(self, heads: list[str]) -> frozenset[str]:
        """Words worth correcting to: letters alone, neither very short nor very long."""
        words = set(heads)
        for page in self.pages:
            words.update(analyse(page.text[:MAX_VOCABULARY_CHARACTERS]))
        return frozenset(w for w in words if 4 <= len(w) <= 30 and w.isalpha())

    def _pages(self) -> Iterator[IndexPage]:
        """Pages of a size that engines take. The parts of the titles are the first page's."""
        count, room = 0, MAX_CHARACTERS
        parts = [part for words in self.titles for part in parts_of(words.text, words.language)]
        for page in self.pages:
            tokens, parts_at = analyse_with_parts(page.text[:room], page.language)
            room -= len(page.text)
            for start in range(0, max(len(tokens), 1), MAX_PAGE_TOKENS):
                if count == MAX_PAGES:
                    return
                count += 1
                end = start + MAX_PAGE_TOKENS
                first, last = (bisect_left(parts_at, (place,)) for place in (start, end))
                parts += [part for _, part in parts_at[first:last]]
                yield IndexPage(page.number, tokens[start:end], parts, page.anchor)
                parts = []
            if room <= 0:
                return
