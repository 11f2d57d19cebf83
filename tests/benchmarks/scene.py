"""What is measured: a workspace of 200 documents, an index of 300, an article of 600 words.

Invariant: the same things in every run; words come from a seeded generator.
"""

import random
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from coalitions.documents.models import Document, TextExtraction
from coalitions.network.models import (
    ConventionArticle,
    Country,
    DocumentType,
    Organisation,
    Theme,
    Workspace,
)
from portal.accounts.models import User
from search.keeping import bring_up_to_date
from tests import worlds
from tests.knowledge.makers import make_article, make_site

DOCUMENTS, ELSEWHERE = 200, 100
PAGES, WORDS_A_PAGE = 4, 180
LANGUAGES = ("en", "nl", "fr", "es")
VOCABULARY = """
    child children rights shelter guardian hearing court detention asylum family school
    protection trafficking report section coalition government article convention state
    parties measures violence prevention online victim witness interview country return
    placement foster care youth worker lawyer complaint committee recommendation budget
    statistics municipality police prosecutor training evidence interest procedure
"""
# In every third document. No stemmer changes it, so that the plain view finds the same.
QUESTION, FOUND = "kinship", 100


@dataclass(frozen=True)
class Scene:
    """Who looks, and at what."""

    owner: Organisation
    member: User
    workspace: Workspace
    document: UUID
    article: str


def build() -> Scene:
    """Make the scene in the database and in the index."""
    chance = random.Random(1989)
    make_site()
    owners = [worlds.make_organisation() for _ in range(7)]
    coalition = worlds.make_coalition(*owners)
    member = worlds.make_person(owners[0], "editor")
    rooms = [worlds.make_workspace(coalition), worlds.make_workspace(coalition)]
    for room in rooms:
        worlds.join(room, member, owners[0], "contributor")
    documents = [
        _document(chance, number, rooms[number >= DOCUMENTS], owners, member)
        for number in range(DOCUMENTS + ELSEWHERE)
    ]
    for document in documents:
        bring_up_to_date("document", str(document.uuid))
    article = _articles(chance, owners[0])
    return Scene(owners[0], member, rooms[0], documents[0].uuid, article)


def text(chance: random.Random, words: int) -> str:
    """Return sentences of words that come from the vocabulary."""
    chosen = chance.choices(VOCABULARY.split(), k=words)
    return " ".join(word + ("." if number % 12 == 11 else "") for number, word in enumerate(chosen))


def _document(
    chance: random.Random, number: int, room: Workspace, owners: list[Organisation], by: User
) -> Document:
    document = worlds.make_document(
        room,
        owners[number % len(owners)],
        by=by,
        rung=chance.choice(["workspace", "coalition", "network"]),
        title=f"{text(chance, 5)} {number}",
        language=LANGUAGES[number % len(LANGUAGES)],
        type=DocumentType.objects.all()[number % 5],
        date=date(2026, 1 + number % 12, 1 + number % 28),
        pages=tuple(
            f"{text(chance, WORDS_A_PAGE)} {QUESTION}"
            if page == 2 and number % 3 == 0
            else text(chance, WORDS_A_PAGE)
            for page in range(PAGES)
        ),
    )
    assert document.current_version is not None
    TextExtraction.objects.create(version=document.current_version, state="done", page_count=PAGES)
    document.themes.set(Theme.objects.all()[number % 9 : number % 9 + 2])
    document.articles.set(ConventionArticle.objects.all()[number % 50 : number % 50 + 3])
    document.countries.set(Country.objects.all()[number % 100 : number % 100 + 2])
    return document


def _articles(chance: random.Random, publisher: Organisation) -> str:
    themes = list(Theme.objects.all()[:2])
    fields = {
        "publisher": publisher,
        "themes": themes,
        "convention_articles": list(ConventionArticle.objects.all()[10:14]),
    }
    written = make_article("network", body=_body(chance), slug="measured", **fields)
    make_article(language="fr", slug="mesure", translation_of=written, **fields)
    for number in range(10):
        make_article("network", slug=f"beside-{number}", **fields)
    return "measured"


def _body(chance: random.Random) -> list[tuple[str, object]]:
    body: list[tuple[str, object]] = []
    for _part in range(4):
        body.append(("heading", text(chance, 4)))
        prose = "".join(f"<p>{text(chance, 60)}</p>" for _ in range(2))
        body.append(("rich_text", prose))
    body.append(("quotation", {"text": text(chance, 30), "attribution": "A child"}))
    body.append(("key_message", text(chance, 20)))
    return body
