"""A small world for saved searches: a coalition's workspace, a reader who searches, a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from coalitions.documents.models import Document
from coalitions.documents.signals import document_changed
from coalitions.network.models import Organisation, Workspace
from portal.accounts.models import User
from portal.notifications.tasks import send_waiting
from search import outbox
from search.models import SavedSearch
from search.saved.acts import save_search
from search.saved.question import Question
from search.saved.running import run_due
from tests import worlds
from tests.knowledge.makers import make_article, make_site

WORD = "shelter"


@dataclass
class Saving:
    """`reader` is in the workspace, `neighbour` of another organisation and in no coalition."""

    owner: Organisation
    other: Organisation
    workspace: Workspace
    reader: User
    neighbour: User

    def document(self, title: str = "Plans", rung: str = "workspace", **fields: Any) -> Document:
        """A document with the word on its page, found from now on."""
        fields.setdefault("pages", (f"A {WORD} by the river.",))
        workspace = fields.pop("workspace", self.workspace)
        document = worlds.make_document(workspace, self.owner, rung=rung, title=title, **fields)
        reindexed(document)
        return document

    def article(self, title: str = "Known", slug: str = "known", level: str = "public") -> Any:
        """A knowledge article with the word in it, found from now on."""
        article = make_article(
            level, title=title, slug=slug, summary=f"A {WORD}.", publisher=self.owner
        )
        outbox.drain()
        return article

    def save(self, person: User | None = None, **fields: Any) -> SavedSearch:
        """A saved search of the reader, with a mail every morning."""
        fields.setdefault("question", Question(WORD))
        fields.setdefault("name", "My private name")
        fields.setdefault("frequency", "daily")
        return save_search(acting_user=person or self.reader, **fields)


def make_saving() -> Saving:
    """Make the world."""
    cache.clear()
    make_site()
    owner, other = worlds.make_organisation("Cedar"), worlds.make_organisation("Harbour")
    partner = worlds.make_organisation("Island")
    coalition = worlds.make_coalition(owner, other)
    workspace = worlds.make_workspace(coalition, name="Quiet room")
    reader = worlds.make_person(other)
    worlds.join(workspace, reader, other)
    return Saving(owner, other, workspace, reader, worlds.make_person(partner))


def reindexed(document: Document) -> None:
    """Let the index know the document as it is now."""
    document_changed.send(sender=Document, document=document, audience_tightened=False)
    outbox.drain()


def a_day_passes() -> None:
    """Let every saved search be due and rested, as on the next morning."""
    SavedSearch.objects.filter(due__isnull=False).update(
        due=timezone.now() - timedelta(seconds=1),
        last_run=timezone.now() - timedelta(days=1),
    )


def morning() -> int:
    """Let a day pass, run what is due and send what is owed; return how many mails went out."""
    a_day_passes()
    run_due()
    return int(send_waiting())
