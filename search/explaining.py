"""Why an answer looks as it does, for whoever tunes search: the words, and what each hit holds.

Invariant: everything told is read from what the viewer may see: hits come through `find`, counts
are totals of answers under the viewer's labels, and texts are read after both. The points are
reckoned from these alone. An engine's own scores would tell of hidden records: their statistics
know all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log
from typing import Final

from coalitions.access import Viewer
from search.asking import ask
from search.concepts import thesaurus
from search.engines.base import (
    ECHO_WEIGHT,
    PAIR_WEIGHT,
    Access,
    Clause,
    Echo,
    Hit,
    IndexDoc,
    Query,
    Tokens,
)
from search.engines.embedded.dialect import BODY, PARTS, TITLE
from search.indexed import parse_ref, records_of
from search.query import parse
from search.service import Found, find
from search.showing import Shown

K1, B = 1.2, 0.75
WEIGHTS: Final = {"title": TITLE, "text": BODY, "parts": PARTS}


@dataclass(frozen=True, slots=True)
class Page:
    """The tokens of a hit's best page, by field, and the keys of its titles."""

    title: Sequence[str]
    text: Sequence[str]
    parts: Sequence[str]
    keys: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return len(self.title) + len(self.text) + len(self.parts)

    def times(self, sequence: Tokens, *, parts: bool) -> dict[str, int]:
        """How often a sequence stands in each field."""
        fields = {"title": self.title, "text": self.text}
        if parts and len(sequence) == 1:
            fields["parts"] = self.parts
        return {name: _times(tokens, sequence) for name, tokens in fields.items()}


def _times(tokens: Sequence[str], sequence: Tokens) -> int:
    size = len(sequence)
    return sum(tuple(tokens[i : i + size]) == sequence for i in range(len(tokens) - size + 1))


@dataclass(frozen=True, slots=True)
class Reason:
    """What a hit holds of one clause: times by field, and points."""

    words: str
    times: dict[str, int]
    points: float


class Explanation:
    """An answer for one viewer with its reasons."""

    def __init__(self, viewer: Viewer, text: str, size: int) -> None:
        self.query: Query = parse(text, size=size, concepts=thesaurus()).query
        self.access = Access.for_labels(viewer.labels)
        self.found: Found = find(viewer, text, size=size)
        self.records = ask(Query(size=1), self.access).results.total

    @cached_property
    def holders(self) -> dict[Clause, int]:
        """How many visible records hold each clause."""
        return {
            clause: ask(Query((clause,), size=1), self.access).results.total
            for clause in self.query.clauses
        }

    @cached_property
    def hits(self) -> list[tuple[Shown, Hit, Page]]:
        """What is shown, with the page that it was found on."""
        found = []
        for item in self.found.items:
            for hit in self.found.results.hits:
                ref = parse_ref(hit.ref)
                same = (ref.kind, ref.key) == (item.kind, item.uuid)
                if same and ref.locale in ("", item.language):
                    found += [(item, hit, page) for page in _pages(item, hit)]
        return found

    @cached_property
    def _usual_length(self) -> float:
        return sum(page.length for _, _, page in self.hits) / max(len(self.hits), 1) or 1.0

    def _worth(self, page: Page, held: float, holders: int) -> float:
        rarity = log(1 + (self.records - holders + 0.5) / (holders + 0.5))
        norm = K1 * (1 - B + B * page.length / self._usual_length)
        return max(rarity, 0.0) * held * (K1 + 1) / (held + norm) if held else 0.0

    def reasons(self, page: Page) -> Iterator[Reason]:
        """What the page scores on, clause by clause, then neighbours and other names."""
        for clause in self.query.counted:
            times: dict[str, int] = {}
            for term in clause.terms:
                for sequence in term.sequences:
                    for name, n in page.times(sequence, parts=not term.phrase).items():
                        times[name] = times.get(name, 0) + n
            held = sum(WEIGHTS[name] * n for name, n in times.items())
            yield Reason(words_of(clause), times, self._worth(page, held, self.holders[clause]))
        rarest = min(self.holders.values(), default=0)
        for pair in self.query.pairs:
            times = page.times(pair, parts=False)
            held = sum(WEIGHTS[name] * n for name, n in times.items())
            if held:
                worth = PAIR_WEIGHT * self._worth(page, held, rarest)
                yield Reason(f"neighbours {' '.join(pair)}", times, worth)
        for echo in self.query.echoes:
            times = _echoed(page, echo)
            if times:
                held = sum(WEIGHTS[name] * n for name, n in times.items())
                worth = ECHO_WEIGHT * self._worth(page, held, rarest)
                yield Reason(f"other name {' + '.join(map(' '.join, echo.words))}", times, worth)

    def titled(self, page: Page) -> bool:
        """Whether the whole query is one of its titles."""
        return not set(page.keys).isdisjoint(self.query.titles)


def words_of(clause: Clause) -> str:
    """A clause in the forms that are looked for."""
    return " | ".join(" ".join(sequence) for sequence in clause.sequences)


def _echoed(page: Page, echo: Echo) -> dict[str, int]:
    """Times by field, where all words stand on the page."""
    whole: dict[str, int] = {}
    for word in echo.words:
        times = page.times(word, parts=True)
        if not any(times.values()):
            return {}
        for name, n in times.items():
            whole[name] = whole.get(name, 0) + n
    return whole


def _pages(item: Shown, hit: Hit) -> list[Page]:
    """The page of a visible record that was found, as it is now; its first where none was."""
    for record in records_of(item.kind, str(item.uuid)):
        if record.ref == hit.ref:
            number = hit.page or (record.pages[0].number if record.pages else 0)
            pages = tuple(page for page in record.pages if page.number == number)
            doc: IndexDoc = replace(record, pages=pages).analysed(0)
            text = [token for page in doc.pages for token in page.body]
            parts = [token for page in doc.pages for token in page.parts]
            return [Page(doc.title, text, parts, doc.title_keys)]
    return []
