"""Why an answer looks as it does, for whoever tunes search: the words, and what each hit holds.

Invariant: the hits are those of `find`, in its order, and nothing is told of others: counts are
totals of answers under the viewer's labels, and texts are read after both. The scores are the
engine's own. Those of a signed-in person rest, as the order of their answers does, on how rare a
word is among all records; a stranger's know nothing but what is public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from coalitions.access import Viewer
from search import engines
from search.asking import ask
from search.engines.base import Clause, Echo, Hit, Query, Tokens
from search.engines.index_docs import IndexDoc
from search.indexed import records_of
from search.service import Found, find
from search.showing import Shown
from search.withholding import access_of


@dataclass(frozen=True, slots=True)
class Page:
    """The tokens of a hit's best page, by field, and the keys of its titles."""

    title: Sequence[str]
    text: Sequence[str]
    parts: Sequence[str]
    keys: tuple[str, ...] = ()

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
    """What a hit's page holds of one clause: times by field; `score`: what it scores alone."""

    words: str
    times: dict[str, int]
    score: float | None = None


class Explanation:
    """An answer for one viewer with its reasons."""

    def __init__(self, viewer: Viewer, text: str, size: int) -> None:
        self.access = access_of(viewer)
        self.found: Found = find(viewer, text, size=size)
        self.query: Query = self.found.query
        self.engine = engines.named(self.found.engine_name)
        self.records = ask(Query(size=1), self.access).results.total

    @cached_property
    def holders(self) -> dict[Clause, int]:
        """How many visible records hold each clause."""
        return {
            clause: ask(Query((clause,), size=1), self.access).results.total
            for clause in self.query.clauses
        }

    @cached_property
    def hits(self) -> list[tuple[Shown, Hit, Page | None]]:
        """What is shown, in its order, with the page that it was found on."""
        hits = {hit.ref: hit for hit in self.found.results.hits}
        found = ((item, hits[item.ref]) for item in self.found.items)
        return [(item, hit, _page(item, hit)) for item, hit in found]

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """The engine's score of each hit, by ref; none where it cannot tell."""
        return self._scores(self.query)

    @cached_property
    def _alone(self) -> dict[Clause, Mapping[str, float]]:
        """What each clause would score alone, without anything that raises the whole."""
        return {
            clause: self._scores(
                replace(self.query, clauses=(replace(clause, echoes=()),), pairs=(), sort="date")
            )
            for clause in self.query.counted
        }

    def _scores(self, query: Query) -> Mapping[str, float]:
        refs = [item.ref for item in self.found.items]
        relaxed = self.found.results.relaxed and query.can_relax
        return self.engine.scores(query, self.access, refs, relaxed=relaxed)

    def reasons(self, hit: Hit, page: Page) -> Iterator[Reason]:
        """What the page holds, clause by clause, then neighbours and other names."""
        for clause in self.query.counted:
            times: dict[str, int] = {}
            for term in clause.terms:
                for sequence in term.sequences:
                    for name, n in page.times(sequence, parts=not term.phrase).items():
                        times[name] = times.get(name, 0) + n
            yield Reason(words_of(clause), times, self._alone[clause].get(hit.ref))
        for pair in self.query.pairs:
            times = page.times(pair, parts=False)
            if any(times.values()):
                yield Reason(f"neighbours {' '.join(pair)}", times)
        for echo in self.query.echoes:
            times = _echoed(page, echo)
            if times:
                yield Reason(f"other name {' + '.join(map(' '.join, echo.words))}", times)

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


def _page(item: Shown, hit: Hit) -> Page | None:
    """The page of a visible record that was found, as it is now; its first where none was."""
    for record in records_of(item.kind, str(item.uuid)):
        if record.ref == hit.ref:
            number = hit.page or (record.pages[0].number if record.pages else 0)
            pages = tuple(page for page in record.pages if page.number == number)
            doc: IndexDoc = replace(record, pages=pages).analysed(0)
            text = [token for page in doc.pages for token in page.body]
            parts = [token for page in doc.pages for token in page.parts]
            return Page(doc.title, text, parts, doc.title_keys)
    return None
