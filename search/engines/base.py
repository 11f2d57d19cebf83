"""The contract that every engine keeps, and the words it is spoken in.

Invariant: an engine knows tokens, labels and identifiers, never text or titles. `search` has no
default for who is asking; an empty label set finds nothing; a document without labels is seen by
nobody; more labels than an engine can filter by is an error, never a cut; trouble of the
engine is `SearchUnavailable`, never an empty answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from coalitions.access import PUBLIC
from search.engines.index_docs import Held, IndexDoc

MAX_LABELS: Final = 1_000
MAX_OFFSET: Final = 10_000
MAX_PAGES: Final = 10_000
PAGE_SIZE: Final = 10
BEST_PAGES: Final = 3
# A concept's other labels weigh less than the words that the reader typed.
ECHO_WEIGHT: Final = 0.25
# Measured on three collections: the full weight of a phrase is worse than none.
PAIR_WEIGHT: Final = 0.4
FACETS: Final = (
    "kind",
    "theme",
    "article",
    "country",
    "organisation",
    "workspace",
    "language",
    "type",
    "year",
    "audience",
)

Sort = Literal["relevance", "date"]
Tokens = tuple[str, ...]


class SearchUnavailable(Exception):
    """The engine did not answer. It must never look like an empty result."""


class TookTooLong(SearchUnavailable):
    """One question was not answered in time. The engine may be well: it may be the question."""


class RefusedQuestion(SearchUnavailable):
    """The engine answered that it does not take this question. It is well."""


class RecordRefused(SearchUnavailable):
    """The engine works and never takes this record; others are not touched."""


class TooManyLabels(ValueError):
    """More labels than an engine filters by; cutting them would hide things silently."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whose answer it is: their labels, and whether only the index of public things is asked.

    `withheld`: refs that must not be found, counted or told, whatever labels an index still has
    for them, because they were taken away and the index may not know yet.
    """

    labels: frozenset[str]
    public_only: bool
    withheld: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.labels) > MAX_LABELS:
            raise TooManyLabels(f"{len(self.labels)} labels; at most {MAX_LABELS} can be asked")
        if self.public_only and not self.labels <= {PUBLIC}:
            raise ValueError("The index of public things is asked with the public label alone.")

    @classmethod
    def for_labels(cls, labels: Iterable[str]) -> Access:
        """Access of a viewer with these labels; a stranger's goes to the public index."""
        held = frozenset(labels)
        return cls(held, public_only=held <= {PUBLIC})


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase: found where any of its token sequences stands, next to each other.

    `sequences` has one entry per distinct analysis (languages). `phrase` says that the
    person put it between quotation marks. `light`: a function word, worth nothing alone.
    """

    sequences: tuple[Tokens, ...]
    phrase: bool = False
    light: bool = False


@dataclass(frozen=True, slots=True)
class Echo:
    """A label of a concept: found where all of its words stand on one page, in any order.

    A word is a token sequence as in `Term`, in the label's own language alone; one that is a
    single token is looked for among the parts of compounds too. Pages that hold an echo
    alone score `ECHO_WEIGHT` of what the same words would score if they had been typed.
    """

    words: tuple[Tokens, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Terms of which one is enough (joined by OR); most clauses hold a single term.

    It also holds where one of its `echoes` does. A concept that was typed in several words gives
    each of their clauses the same echoes: all of the words, or one echo, are enough.
    """

    terms: tuple[Term, ...]
    echoes: tuple[Echo, ...] = ()

    @property
    def phrase(self) -> bool:
        """Whether every alternative is a phrase, which is then never optional."""
        return all(term.phrase for term in self.terms)

    @property
    def light(self) -> bool:
        """Whether it holds nothing but function words."""
        return all(term.light for term in self.terms)

    @property
    def sequences(self) -> tuple[Tokens, ...]:
        """The token sequences of all alternatives."""
        return tuple(dict.fromkeys(s for term in self.terms for s in term.sequences))


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, parsed once for all engines.

    A document matches when it holds every clause that counts, none of `exclusions`, and one
    chosen value of every facet in `filters`. Clauses of function words count only where there
    is nothing else. A record whose title is the query itself (`titles`: keys made by `title_key`,
    one per analysis) gets a small boost; so does a recent one, and one in the reader's own
    language (`locale`). `pairs`: sequences of two neighbouring words; a page scores `PAIR_WEIGHT`
    of a phrase more where one stands. They decide the order alone.
    """

    clauses: tuple[Clause, ...] = ()
    exclusions: tuple[Term, ...] = ()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    size: int = PAGE_SIZE
    titles: tuple[str, ...] = ()
    pairs: tuple[Tokens, ...] = ()
    locale: str = ""

    @property
    def counted(self) -> tuple[Clause, ...]:
        """The clauses that decide what matches."""
        heavy = tuple(clause for clause in self.clauses if not clause.light)
        return heavy or self.clauses

    @property
    def required(self) -> tuple[Clause, ...]:
        """The clauses that stay required when any of the other words is enough."""
        return tuple(clause for clause in self.counted if clause.phrase)

    @property
    def can_relax(self) -> bool:
        """Whether asking for any of the words instead of all can find more."""
        return len(self.counted) > 1 and len(self.required) < len(self.counted)

    @property
    def wanted(self) -> tuple[Tokens, ...]:
        """Token sequences to mark in a snippet."""
        own = (s for clause in self.counted for s in clause.sequences)
        echoed = (w for clause in self.counted for echo in clause.echoes for w in echo.words)
        return tuple(dict.fromkeys((*own, *echoed)))

    @property
    def echoes(self) -> tuple[Echo, ...]:
        """The echoes of all clauses that count, each once."""
        return tuple(dict.fromkeys(e for clause in self.counted for e in clause.echoes))


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matched, and its best pages, best first. No text, no score.

    `pages` holds at most `BEST_PAGES` numbers, each once, of pages that hold something asked for
    or stand under a title that does; none where it has no pages or no words were asked.
    """

    ref: str
    pages: tuple[int, ...] = ()

    @property
    def page(self) -> int:
        """The best page; 0: none."""
        return self.pages[0] if self.pages else 0


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with the number of hits that choosing it would leave."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """An answer. `relaxed`: any of the words was enough; `exact` hits hold all of them.

    `page` is the page really shown: a number beyond the last becomes the last, and
    `capped` says that hits beyond `MAX_OFFSET` are counted but not shown.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    exact: int = 0
    relaxed: bool = False
    page: int = 1
    pages: int = 1
    capped: bool = False
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)


class Engine(ABC):
    """What `search` may ask of an engine."""

    name: str

    @abstractmethod
    def search(self, query: Query, access: Access) -> Results:
        """Hits, totals and facet counts among what these labels may see."""

    def scores(
        self, query: Query, access: Access, refs: Collection[str], *, relaxed: bool = False
    ) -> Mapping[str, float]:
        """What those of these records score that match and that these labels may see.

        For whoever tunes search and never for readers: a score rests on all records, even where
        the answer does not. `relaxed` as in the answer; what holds all words comes first there,
        whatever it scores. Nothing where an engine cannot tell.
        """
        return {}

    @abstractmethod
    def index(self, docs: Iterable[IndexDoc]) -> int:
        """Write these whole records; older versions than those held are passed over.

        Returns how many were written.
        """

    @abstractmethod
    def delete(self, refs: Iterable[str], *, version: int | None = None) -> int:
        """Remove these records; what is absent counts as done. Returns how many were there.

        With a `version`, a record that is held in a newer one stays, and an engine that does not
        share the database's transactions refuses older writes that arrive after it.
        """

    @abstractmethod
    def relabel(self, ref: str, labels: Iterable[str], version: int) -> bool:
        """Change who may see a record, without its text. False where it is not held."""

    @abstractmethod
    def count(self) -> int:
        """How many records are held."""

    @abstractmethod
    def clear(self) -> None:
        """Forget everything."""

    @abstractmethod
    def held(self, refs: Collection[str] | None = None) -> Mapping[str, Held]:
        """What is held of these refs (of all, when None)."""

    @abstractmethod
    def held_of_family(self, family: str) -> Mapping[str, Held]:
        """What is held of one thing in all its languages."""
