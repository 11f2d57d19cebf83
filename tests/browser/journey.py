"""The people, the file and the steps of the journey through the portal.

Everything is found by address, role or the name of a control, never by a word of the interface, so
that one journey serves every language. `Visit` is one person's browser; it remembers whatever the
browser complained about.
"""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdfium2
from django.conf import settings
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, ConsoleMessage, Request
from playwright.sync_api import Page as Tab
from wagtail.models import Locale, Page

from coalitions.documents.models import Document
from coalitions.documents.services import add_document
from coalitions.network.models import Organisation, Workspace
from portal.accounts.models import User
from portal.demo.document_markup import Block, PageBreak, Paragraph
from portal.demo.rendering import Frame, pdf
from tests import worlds
from tests.knowledge.makers import make_site

REAL_FILES = Path(os.environ.get("PORTAL_SHARED_DATA", settings.BASE_DIR.parent / "shared/data"))
REAL_PDF = REAL_FILES / "files" / "estatuto-crianca-adolescente-pt.pdf"
PAGE = 37
WORDS_IN_PHRASE = 4


@dataclass(frozen=True)
class World:
    """A coalition of two organisations with a workspace, and an organisation outside it."""

    workspace: Workspace
    uploader: User
    neighbour: User
    outsider: User


def make_empty_site() -> None:
    """Make the site; its root, which a migration makes, is gone after another live test."""
    if not Page.objects.filter(depth=1).exists():
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        Page.add_root(title="Root", slug="root", locale=Locale.get_default())
    make_site()


def make_world() -> World:
    """Make three organisations: two of one coalition, of which one has its person in the room."""
    owner, other, outside = (
        worlds.make_organisation(name)
        for name in ("Lighthouse (invented)", "Windmill (invented)", "Orchard (invented)")
    )
    coalition = worlds.make_coalition(owner, other, name="Coalition of the coast")
    workspace = worlds.make_workspace(coalition, name="Harbour room")
    uploader = worlds.make_person(owner, "editor")
    worlds.join(workspace, uploader, owner, "contributor")
    return World(workspace, uploader, person_of(other), person_of(outside))


def add_words(world: World, person: User, title: str, **fields: Any) -> Document:
    """Return a text that `person` sent into the room."""
    return add_document(
        acting_user=person,
        workspace=world.workspace,
        content=ContentFile(f"Some words about a {title.lower()}.".encode()),
        name=f"{title.lower()}.txt",
        title=title,
        language="en",
        **fields,
    )


def person_of(organisation: Organisation) -> User:
    """Return a member of the organisation."""
    return worlds.make_person(organisation)


def long_pdf(folder: Path) -> Path:
    """Return a PDF of forty pages or more: a real one, or one made now where there is none."""
    if REAL_PDF.exists():
        return REAL_PDF
    blocks: list[Block] = []
    for number in range(1, 45):
        words = f"Visitors count lanterns {_numeral(number)} beside quiet water {_numeral(number)}"
        blocks += [Paragraph(words), PageBreak()]
    frame = Frame(
        title="Count of lanterns",
        language="en",
        organisation="Lighthouse (invented)",
        date=datetime.date(2026, 3, 1),
    )
    path = folder / "lanterns.pdf"
    path.write_bytes(pdf.render(frame, tuple(blocks)))
    return path


def _numeral(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] * 3 for digit in f"{number:02}")


def phrase_on_page(path: Path, number: int = PAGE) -> str:
    """Return words that follow each other on that page, and on no other."""
    with pypdfium2.PdfDocument(path) as document:
        texts = [_flat(page.get_textpage().get_text_bounded()) for page in document]
    wanted, others = texts[number - 1], [*texts[: number - 1], *texts[number:]]
    words = wanted.split(" ")
    for start in range(len(words) - WORDS_IN_PHRASE):
        taken = words[start : start + WORDS_IN_PHRASE]
        phrase = " ".join(taken)
        if all(re.fullmatch(r"[^\W\d_]{4,}", word) for word in taken) and not any(
            phrase in other for other in others
        ):
            return phrase
    raise AssertionError(f"Page {number} of {path.name} has no phrase of its own")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@dataclass
class Visit:
    """One person's browser, at one width, in one language. `run`: what that way is called."""

    browser: Browser
    home: str
    language: str
    options: dict[str, Any]
    run: str = ""
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(**self.options)
        self.page: Tab = self.context.new_page()
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("request", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.home):
            self.complaints.append(f"another host: {request.url}")

    def address(self, path: str) -> str:
        """Return the address of a page in this visit's language."""
        return f"{self.home}/{self.language}/{path}"

    def open(self, path: str) -> None:
        """Open a page and judge it."""
        self.page.goto(self.address(path))
        self.judge()

    def follow(self, selector: str) -> None:
        """Press what the selector names, come to the next page, and judge it."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.judge()

    def judge(self) -> None:
        """Note a page in another language or direction, and one wider than the screen."""
        root = self.page.locator("html")
        if root.get_attribute("lang") != self.language:
            self.complaints.append(f"not in {self.language}: {self.page.url}")
        if root.get_attribute("dir") != ("rtl" if self.language == "ar" else "ltr"):
            self.complaints.append(f"wrong direction: {self.page.url}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.complaints.append(f"{wide} px too wide: {self.page.url}")

    def sign_in(self, user: User) -> None:
        """Sign in through the form; an account's own language wins over the address."""
        User.objects.filter(pk=user.pk).update(language=self.language)
        self.open("account/login/")
        self.page.fill("main input[name=login]", user.email)
        self.page.fill("main input[name=password]", worlds.PASSWORD)
        self.follow("main button[type=submit]")
        assert self.page.url == self.address("my/")

    def sightings(self, document: str, query: str) -> set[str]:
        """Return where this person meets the document: on its page, in search, in the API."""
        asks = self.context.request
        found = set()
        if asks.get(self.address(f"documents/{document}/")).status == 200:
            found.add("page")
        self.open(f"search/?q={quote(query)}")
        if self.page.locator(f"main a[href*='{document}']").count():
            found.add("search")
        api = f"{self.home}/api/v1"
        answers = {
            "API document": asks.get(f"{api}/documents/{document}/").status == 200,
            "API list": document in asks.get(f"{api}/documents/?limit=100").text(),
            "API search": document in asks.get(f"{api}/search/?q={quote(query)}").text(),
        }
        return found | {name for name, there in answers.items() if there}


EVERYWHERE = {"page", "search", "API document", "API list", "API search"}
