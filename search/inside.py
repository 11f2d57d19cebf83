"""Search inside one document: which of its pages hold the words, and where to read them.

Invariant: the document was fetched for this viewer before, and the index is asked with the same
labels again; the text shown is that of the version in force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse

from coalitions.access import Viewer
from coalitions.documents.models import Document, DocumentPage
from coalitions.language import spans
from search import engines
from search.concepts import thesaurus
from search.engines.base import Access, Query
from search.indexed import page_language, ref_of
from search.query import parse
from search.showing import Asked, PageShown, asked_by, page_shown

MOST_PAGES: Final = 2_000
# Of a long question every word would be a statement of its own.
MOST_CLAUSES: Final = 8
MOST_DOUBTS: Final = 200


@dataclass(frozen=True, slots=True)
class Within:
    """Numbers of pages in their order: those that hold all of the words, then those with some.

    `long`: of so long a question it was not looked which hold all.
    """

    every: tuple[int, ...] = ()
    some: tuple[int, ...] = ()
    long: bool = False

    @property
    def relaxed(self) -> bool:
        """Whether it is known that none holds all of the words, and some hold some."""
        return bool(self.some) and not self.every and not self.long

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them, as they are shown."""
        return self.every + self.some


@dataclass(frozen=True)
class Inside:
    """What was found in a document, ready to be shown page by page."""

    document: Document
    within: Within
    asked: Asked
    shortened: bool = False

    def show(self, numbers: tuple[int, ...]) -> list[PageShown]:
        """These pages with their snippets in this order, in one query."""
        url = reverse("documents:document", args=[self.document.uuid])
        pages = DocumentPage.objects.readable().filter(
            version_id=self.document.current_version_id, number__in=numbers
        )
        return [
            page_shown(self.document, page, url, self.asked)
            for page in sorted(pages, key=lambda page: numbers.index(page.number))
        ]


def find_inside(viewer: Viewer, document: Document, text: str, *, concepts: bool = True) -> Inside:
    """Ask one document. Raises SearchUnavailable where the index does not answer."""
    parsed = parse(text, concepts=thesaurus() if concepts else None)
    asked = asked_by(viewer, text, parsed)
    within = _pages_with(document, parsed.query, viewer)
    return Inside(document, _without_seams(document, within, asked), asked, parsed.shortened)


def _without_seams(document: Document, within: Within, asked: Asked) -> Within:
    """Leave out a page that counts only because its successor begins with the phrase.

    The index joins the end of a page with the beginning of the next, for phrases over both.
    """
    if all(len(sequence) < 2 for sequence in asked.wanted):
        return within
    there = set(within.numbers)
    doubtful = [number for number in sorted(there) if number + 1 in there][:MOST_DOUBTS]
    pages = DocumentPage.objects.readable().filter(
        version_id=document.current_version_id, number__in=doubtful
    )
    unheld = {
        page.number
        for page in pages
        if not spans(page.text, page_language(document, page), asked.wanted)
    }
    return replace(
        within,
        every=tuple(number for number in within.every if number not in unheld),
        some=tuple(number for number in within.some if number not in unheld),
    )


def _pages_with(document: Document, query: Query, viewer: Viewer) -> Within:
    """The pages that hold every word, and those that hold any."""
    access = Access.for_labels(viewer.labels)
    ref = ref_of("document", document.uuid)
    embedded = engines.embedded()
    counted = query.counted
    if len(counted) > MOST_CLAUSES:
        found = embedded.pages_within(ref, query, access, MOST_PAGES)
        return Within(some=tuple(found), long=True)
    held = [
        set(embedded.pages_within(ref, replace(query, clauses=(clause,)), access, MOST_PAGES))
        for clause in counted
    ]
    every = set[int].intersection(*held) if held else set()
    some = set[int]().union(*held) - every
    return Within(tuple(sorted(every)), tuple(sorted(some)[: MOST_PAGES - len(every)]))
