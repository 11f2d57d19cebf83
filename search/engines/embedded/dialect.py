"""What the two databases do differently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from search.engines.base import Clause, Term, Tokens

# Measured on three test collections: more for the body costs relevance on short abstracts.
# A seam finds phrases over the end of a page; the page that holds them whole must win.
TITLE, BODY, SEAM, PARTS = 3.0, 1.0, 0.02, 0.5


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


def in_parts(term: Term, sequence: Tokens) -> bool:
    """Whether a sequence is also looked for among the parts of compounds: phrases never are."""
    return not term.phrase and len(sequence) == 1


def terms_of(clauses: Iterable[Clause]) -> list[Term]:
    """All terms of these clauses."""
    return [term for clause in clauses for term in clause.terms]


class Dialect(Protocol):
    """One database's way of matching, scoring and writing pages.

    `label`: how a record's label is written in a test against the viewer's labels.
    """

    label: str

    def matching(self, terms: Sequence[Term], *, public_only: bool) -> Sql:
        """A query for the keys (`page`) of pages that hold any of the terms."""

    def scored(self, terms: Sequence[Term], *, public_only: bool, within: Sequence[Sql]) -> Sql:
        """The same with a `score`, higher is better, of records in each of the subqueries."""

    def best(self) -> str:
        """A query for each record's (`entry`) best page and its score, out of `raw`."""

    def write(
        self, entry: int, title: Sequence[str], pages: Sequence[PageRow], public: bool
    ) -> None:
        """Write the pages of a record that has none."""

    def publish(self, entry: int, public: bool) -> None:
        """Put a record's pages into the index of public things, or take them out."""

    def erase(self, entries: Sequence[int]) -> None:
        """Remove all pages of these records."""

    def clear(self) -> None:
        """Remove every page."""
