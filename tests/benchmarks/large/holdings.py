"""The documents: the rows of Django's tables, and the same ready for an engine.

Invariant: document n is the same in every run and in both forms.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from coalitions.access import Rung
from coalitions.documents.labels import labels_of_audience
from coalitions.documents.models import (
    Document,
    DocumentAudience,
    DocumentPage,
    DocumentVersion,
    TextExtraction,
)
from coalitions.language import ANALYSER_VERSION
from coalitions.network.models import Organisation, Workspace
from portal.accounts.models import User
from search.engines.index_docs import IndexDoc, IndexPage
from search.indexed import ref_of
from search.records import PageText, Record, Words
from tests import worlds
from tests.benchmarks.large.words import LANGUAGES, Lexicon, lexicons

# A member of so many workspaces has 200 labels; there are as many again that they do not know.
JOINED, ELSEWHERE = 97, 100
LONG_EVERY, LONG = 500, 100
WORDS: Final = (60, 160)
CHUNK = 500
_RUNGS: Final = (Rung.ORGANISATION, Rung.WORKSPACE, Rung.COALITION, Rung.NETWORK, Rung.PUBLIC)
_SINCE: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """What document n says."""

    number: int
    language: str
    title: list[str]
    pages: list[list[str]]
    day: date
    facets: dict[str, tuple[str, ...]]


class Texts:
    """What the documents say."""

    @cached_property
    def lexicons(self) -> dict[str, Lexicon]:
        """The words of each language."""
        return lexicons()

    def text(self, number: int) -> Text:
        """What document `number` says."""
        chance = random.Random(number)
        language = LANGUAGES[number % len(LANGUAGES)]
        words = self.lexicons[language]
        pages = LONG if number % LONG_EVERY == LONG_EVERY - 1 else chance.randint(1, 5)
        day = date(2010, 1, 1) + timedelta(days=chance.randrange(5_800))
        return Text(
            number,
            language,
            words.text(chance, chance.randint(3, 8)),
            [words.text(chance, chance.randint(*WORDS)) for _ in range(pages)],
            day,
            {
                "theme": tuple(f"theme-{chance.randrange(30)}" for _ in range(2)),
                "article": (str(chance.randint(1, 54)),),
                "country": (f"C{chance.randrange(80)}",),
                "type": (f"type-{chance.randrange(8)}",),
                "year": (str(day.year),),
            },
        )


@dataclass
class Holdings:
    """Who has the documents, and where they lie."""

    member: User
    owner: Organisation
    other: Organisation
    rooms: list[Workspace]
    texts: Texts

    @classmethod
    def make(cls) -> Holdings:
        """Organisations, people and workspaces; no documents yet."""
        owner, other = worlds.make_organisation(), worlds.make_organisation()
        member = worlds.make_person(owner, email="member@example.org")
        coalitions = [worlds.make_coalition(owner) for _ in range(2)]
        apart = worlds.make_coalition(other)
        rooms = [worlds.make_workspace(coalitions[n % 2]) for n in range(JOINED)]
        for room in rooms:
            worlds.join(room, member, owner)
        rooms += [worlds.make_workspace(apart) for _ in range(ELSEWHERE)]
        return cls(member, owner, other, rooms, Texts())

    @classmethod
    def read(cls) -> Holdings:
        """Those that `make` left in the database."""
        owner, other = Organisation.objects.order_by("pk")[:2]
        rooms = list(Workspace.objects.select_related("coalition").order_by("pk"))
        member = User.objects.get(email="member@example.org")
        return cls(member, owner, other, rooms, Texts())

    # Rows ------------------------------------------------------------------------------------
    def fill(self, count: int) -> None:
        """Write the rows of documents 0 to count."""
        for first in range(0, count, CHUNK):
            self._fill(range(first, min(first + CHUNK, count)))

    def _document(self, text: Text) -> Document:
        room = self.rooms[text.number % len(self.rooms)]
        return Document(
            uuid=UUID(int=text.number + (1 << 64)),
            reference=f"D-{text.number:06d}",
            title=" ".join(text.title),
            language=text.language,
            date=text.day,
            workspace=room,
            owner=self._owner(text.number),
            created_by=self.member,
        )

    def _owner(self, number: int) -> Organisation:
        return self.owner if number % len(self.rooms) < JOINED else self.other

    def _audience(self, document: Document, number: int) -> DocumentAudience:
        rung = _RUNGS[(number // len(self.rooms)) % len(_RUNGS)]
        return DocumentAudience(
            document=document,
            rung=rung,
            decided_by=self.member,
            organisation=document.owner,
            since=_SINCE,
        )

    def _fill(self, numbers: range) -> None:
        texts = [self.texts.text(number) for number in numbers]
        documents = Document.objects.bulk_create(self._document(text) for text in texts)
        DocumentAudience.objects.bulk_create(
            self._audience(document, n) for document, n in zip(documents, numbers, strict=True)
        )
        versions = DocumentVersion.objects.bulk_create(
            DocumentVersion(
                document=document,
                number=1,
                file=f"absent/{document.uuid}",
                name="file.pdf",
                size=1000,
                media_type="application/pdf",
                sha256="0" * 64,
                uploader=self.member,
                organisation=document.owner,
            )
            for document in documents
        )
        TextExtraction.objects.bulk_create(
            TextExtraction(version=version, state="done", page_count=len(text.pages))
            for version, text in zip(versions, texts, strict=True)
        )
        DocumentPage.objects.bulk_create(
            DocumentPage(version=version, number=n, text=" ".join(page), language=text.language)
            for version, text in zip(versions, texts, strict=True)
            for n, page in enumerate(text.pages, 1)
        )
        for document, version in zip(documents, versions, strict=True):
            document.current_version = version
        Document.objects.bulk_update(documents, ["current_version"])

    # For engines -----------------------------------------------------------------------------
    def docs(self, numbers: range, version: int = 1) -> Iterator[IndexDoc]:
        """The documents with their tokens ready."""
        for number in numbers:
            yield self._doc(self.texts.text(number), version)

    def _doc(self, text: Text, version: int) -> IndexDoc:
        document, words = self._document(text), self.texts.lexicons[text.language]
        plain = {word for page in text.pages for word in page}
        return IndexDoc(
            ref=ref_of("document", document.uuid),
            locale=text.language,
            family=str(document.uuid),
            version=version,
            analyser=ANALYSER_VERSION,
            labels=labels_of_audience(document, self._audience(document, text.number)),
            facets=text.facets
            | {
                "kind": ("document",),
                "language": (text.language,),
                "organisation": (str(document.owner.uuid),),
                "workspace": (str(document.workspace.uuid),),
            },
            date=datetime.combine(text.day, time(), tzinfo=UTC),
            title=words.analysed(text.title),
            pages=[IndexPage(n, words.analysed(page)) for n, page in enumerate(text.pages, 1)],
            heads=tuple(dict.fromkeys(text.title)),
            vocabulary=frozenset(word for word in plain if 4 <= len(word) <= 30),
        )

    def records(self, numbers: range) -> Iterator[Record]:
        """The documents before analysis."""
        for number in numbers:
            text = self.texts.text(number)
            yield Record(
                ref=ref_of("document", number),
                locale=text.language,
                family=str(number),
                labels=frozenset(("public",)),
                facets=text.facets,
                date=None,
                titles=(Words(" ".join(text.title), text.language),),
                pages=tuple(
                    PageText(n, " ".join(page), text.language)
                    for n, page in enumerate(text.pages, 1)
                ),
            )
