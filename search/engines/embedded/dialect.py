"""What the two databases do differently."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from search.engines.base import Clause, Echo, Term, Tokens

# Measured on three test collections: more for the body costs relevance on short abstracts.
# A seam finds phrases over the end of a page; the page that holds them whole must win.
TITLE, BODY, SEAM, PARTS = 5.0, 1.0, 0.02, 0.5
# What being titled exactly as asked adds to a score, and what being of today does: half of that
# after a year. Being in the reader's language decides between those that score alike.
EXACT_TITLE, RECENT, OWN_LANGUAGE = 0.25, 0.05, 0.05


class Sql(NamedTuple):
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


class PageRow(NamedTuple):
    """A page ready to be written: its place in the record, what it is called, its tokens."""

    place: int
    number: int
    anchor: str
    body: tuple[str, ...]
    seam: tuple[str, ...]
    parts: tuple[str, ...]


class RecordRows(NamedTuple):
    """A record that has no pages yet, with those that are to be written."""

    entry: int
    title: tuple[str, ...]
    pages: Sequence[PageRow]
    public: bool


def in_parts(term: Term, sequence: Tokens) -> bool:
    """Whether a sequence is also looked for among the parts of compounds: phrases never are."""
    return not term.phrase and len(sequence) == 1


def terms_of(clauses: Iterable[Clause]) -> list[Term]:
    """All terms of these clauses."""
    return [term for clause in clauses for term in clause.terms]


class Dialect(Protocol):
    """One database's way of matching, scoring and writing pages.

    `label`: how a record's label is written in a test against the viewer's labels. `listed`: a
    table of the strings (`value`) of one parameter that is a JSON list. `age`: how many days
    before a day, the parameter, the record `e` is dated. `whole`: what it calls a page in a match
    is the whole record, named by its first page.
    """

    whole: bool

    label: str
    listed: str
    age: str

    def among(self, column: str, values: Sequence[str]) -> Sql:
        """A test whether the column has one of these values."""

    def matching(self, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool) -> Sql:
        """A query for the keys (`page`) of pages that hold any of the terms or echoes."""

    def scored(
        self,
        clauses: Sequence[Clause],
        pairs: Sequence[Tokens],
        *,
        public_only: bool,
        needed: bool,
    ) -> Sql:
        """The same with a `score`, higher is better, each page once.

        `pairs` raise the score of pages that are found anyway. `needed`: only pages of the
        records in the table of that name (`entry`).
        """

    def together(self, clauses: Sequence[Clause], *, public_only: bool) -> Sql | None:
        """One query for the records (`entry`) that hold all of the clauses, where there is one."""

    def crowded(self, clauses: Sequence[Clause], *, public_only: bool) -> bool:
        """Whether so many pages match that not all of them are scored."""

    def counted(
        self, sequences: Collection[Tokens], *, public_only: bool
    ) -> tuple[int, Mapping[Tokens, int]]:
        """How many rows there are, and on how many each of these stands."""

    def standing(
        self, entry: int, terms: Sequence[Term], echoes: Sequence[Echo], *, public_only: bool
    ) -> Sql:
        """A query for the keys of a record's pages whose own text holds one of these."""

    def write(self, records: Sequence[RecordRows]) -> None:
        """Write the pages of records that have none."""

    def publish(self, entry: int, public: bool) -> None:
        """Put a record's pages into the index of public things, or take them out."""

    def erase(self, entries: Sequence[int]) -> None:
        """Remove all pages of these records."""

    def clear(self) -> None:
        """Remove every page."""
