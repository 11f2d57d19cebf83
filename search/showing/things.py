"""What is shown of a hit: the thing, its best pages, and the words around what was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from coalitions.access import Viewer
from coalitions.documents.models import Document, DocumentPage
from coalitions.language import Snippet, analyse, language_code, snippet
from coalitions.network.models import Organisation
from search.engines.base import Query, Tokens
from search.indexed import page_language, ref_of
from search.query import Parsed

# The words of a concept found on a page are sent along, to be marked there too.
MOST_ALSO: Final = 200


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page that holds something asked for, and the address that opens it there, marked."""

    number: int
    anchor: str
    url: str
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Shown:
    """One result. `thing` is the visible object; `pages` are those of its best pages that hit.

    `snippet` is that of the best page, or the beginning of what has no pages or was found by
    its title.
    """

    kind: str
    uuid: UUID
    thing: Any
    title: str
    language: str
    url: str
    snippet: Snippet
    date: date | None = None
    rung: str = ""
    child_data: bool = False
    organisation: Organisation | None = None
    workspace: Any = None
    media: str = ""
    page_count: int = 0
    anchor: str = ""
    pages: tuple[PageShown, ...] = ()
    inside_url: str = ""

    @property
    def ref(self) -> str:
        """Its name in every index."""
        return ref_of(self.kind, self.uuid, self.language if self.kind == "article" else "")

    @property
    def page(self) -> int:
        """The number of the best page; 0 where no page of it hit."""
        return self.pages[0].number if self.pages else 0

    @property
    def page_url(self) -> str:
        """The address that opens it at the best page."""
        return self.pages[0].url if self.pages else ""

    @property
    def marked(self) -> bool:
        """Whether the snippet holds a word that was asked for."""
        return is_marked(self.snippet)


@dataclass(frozen=True)
class Asked:
    """Who asks, in which words, for what.

    `own`: the sequences that the reader's words gave; `spoken`: the languages of the others.
    """

    viewer: Viewer
    text: str
    wanted: Sequence[Tokens]
    request: HttpRequest | None = None
    own: Sequence[Tokens] | None = None
    spoken: Mapping[Tokens, Collection[str]] = field(default_factory=dict)

    @cached_property
    def _typed(self) -> frozenset[Tokens]:
        return frozenset(self.wanted if self.own is None else self.own)

    def wanted_in(self, language: str) -> Sequence[Tokens]:
        """What is marked in a text of this language: the names of a concept only in their own.

        The Dutch "kind" is no child in an English text. Where the language of a text is not known,
        all of them are.
        """
        if not language:
            return self.wanted
        tongue = _tongue(language)
        return [
            words
            for words in self.wanted
            if not self.is_echo(words)
            or any(_tongue(spoken) == tongue for spoken in self.spoken.get(words, (language,)))
        ]

    def is_echo(self, words: Tokens) -> bool:
        """Whether these words were found for a concept alone, and not as they were typed."""
        return bool(words) and words not in self._typed

    @property
    def has_echoes(self) -> bool:
        """Whether a concept brought in words that the reader did not type."""
        return self.own is not None and not self._typed.issuperset(self.wanted)


def _tongue(language: str) -> str:
    return language_code(language) or language.lower()


def asked_by(
    viewer: Viewer, text: str, parsed: Parsed, request: HttpRequest | None = None
) -> Asked:
    """What is to be shown and marked of the hits of a query."""
    query = parsed.query
    return Asked(viewer, text, query.wanted, request, typed(query), parsed.spoken)


def typed(query: Query) -> tuple[Tokens, ...]:
    """The sequences of the reader's own words, without those that concepts brought in."""
    return tuple(s for clause in query.counted for s in clause.sequences)


def is_marked(words: Snippet) -> bool:
    """Whether a snippet holds a word that was asked for."""
    return any(piece.marked for piece in words.pieces)


def page_shown(document: Document, page: DocumentPage, url: str, asked: Asked) -> PageShown:
    """A page with its snippet; `url` is the document's own address."""
    language = page_language(document, page)
    words = snippet(page.text, language, asked.wanted_in(language))
    place = {"page": str(page.number)} | ({"q": asked.text} if asked.text else {})
    if asked.has_echoes:
        found = dict.fromkeys(
            piece.text
            for piece in words.pieces
            if piece.marked and asked.is_echo(tuple(analyse(piece.text, language)))
        )
        if also := " ".join(found)[:MOST_ALSO]:
            place["also"] = also
    # The document's page gives its first mark this name.
    first = "#mark-1" if any(piece.marked for piece in words.pieces) else ""
    return PageShown(page.number, page.anchor, f"{url}?{urlencode(place)}{first}", words)
