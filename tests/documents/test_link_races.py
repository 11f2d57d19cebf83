"""Two at one moment: never more downloads than were granted, and no link beside what ends it."""

from uuid import uuid4

import pytest
from django.http import Http404

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.linked import viewer_for_link
from coalitions.documents.models import Document, DocumentLink
from coalitions.documents.services.linking import LinkRefused, Terms, make_link, revoke_link
from coalitions.network.models import AuditEntry
from tests.at_once import at_once, real_connections
from tests.documents.conftest import World
from tests.documents.links import WORDS, inside, make, page_of
from tests.documents.pages import streamed

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")
REFUSALS = (LinkRefused, NotAllowed, Http404)


class Over(Exception):
    """The link answered as unknown."""


def test_no_more_downloads_than_were_granted(world: World, document: Document) -> None:
    link, secret = make(world.editor, document, downloads=2)
    holders = [inside(secret) for _ in range(5)]

    def download() -> None:
        answer = holders.pop().get(page_of(link, "download/"))
        if answer.status_code == 404:
            raise Over
        assert streamed(answer).startswith(b"%PDF")

    refusals = at_once(*[download] * 5, refused=Over)
    assert len(refusals) == 3
    assert DocumentLink.objects.get().downloads_made == 2
    assert AuditEntry.objects.filter(verb="document.downloaded").count() == 2


def test_one_pass_presses_twice_at_once(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    client = inside(secret)

    def download() -> None:
        answer = client.get(page_of(link, "download/"))
        assert streamed(answer).startswith(b"%PDF")

    assert at_once(*[download] * 4, refused=Over) == []
    assert DocumentLink.objects.get().downloads_made == 1
    assert AuditEntry.objects.filter(verb="document.downloaded").count() == 1


@pytest.mark.parametrize("act", ["step", "child data", "trash"])
def test_a_link_is_made_while_it_could_not_be(world: World, document: Document, act: str) -> None:
    """Whichever comes first, none is left living."""
    acts = {
        "step": lambda: services.share_document(
            acting_user=world.editor, document=document, rung="organisation"
        ),
        "child data": lambda: services.mark_child_data(
            acting_user=world.contributor, document=document
        ),
        "trash": lambda: services.trash_document(acting_user=world.contributor, document=document),
    }
    made: list[DocumentLink] = []
    at_once(lambda: made.append(make(world.editor, document)[0]), acts[act], refused=REFUSALS)
    for link in made:
        row = DocumentLink.objects.get(pk=link.pk)
        began = document.audiences.in_force().get().since
        after_the_step = act == "step" and row.since >= began and not row.why
        seen = Document.objects.visible_to(viewer_for_link(row)).exists()
        assert seen == after_the_step


def test_two_revoke_at_once(world: World, document: Document) -> None:
    link, _secret = make(world.editor, document)
    done: list[bool] = []
    at_once(
        *[lambda: done.append(revoke_link(acting_user=world.editor, link=link))] * 2,
        refused=REFUSALS,
    )
    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(verb="link.ended").count() == 1


def test_the_form_is_sent_twice_at_once(world: World, document: Document) -> None:
    mark, terms = uuid4(), Terms(WORDS, days=1, downloads=1)
    refusals = at_once(
        *[
            lambda: make_link(
                acting_user=world.editor, document=document, terms=terms, submission=mark
            )
        ]
        * 2,
        refused=REFUSALS,
    )
    assert [str(refusal) for refusal in refusals] == ["made"]
    assert DocumentLink.objects.count() == 1
