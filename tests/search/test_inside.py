"""Pages under a hit, and search inside one document, workspace or organisation."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.documents.models import Document, TextExtraction
from coalitions.documents.signals import document_changed
from coalitions.network.viewers import viewer_for
from knowledge.models import Concept, ConceptLabel
from search import outbox
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_site

pytestmark = pytest.mark.django_db

PAGES = (
    "The beginning tells nothing.",
    "A shelter by the river.",
    "The river alone.",
    "Another shelter, far from water.",
    "Shelters and rivers, a second time.",
)


def indexed(*documents: Document) -> None:
    for document in documents:
        version = document.current_version
        assert version is not None
        TextExtraction.objects.get_or_create(
            version=version, defaults={"page_count": version.pages.count(), "state": "done"}
        )
        document_changed.send(sender=Document, document=document, audience_tightened=False)
    outbox.drain()


@pytest.fixture
def world() -> Any:
    cache.clear()
    make_site()
    owner, outside = worlds.make_organisation("Cedar"), worlds.make_organisation("Harbour")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Quiet room")
    member, stranger = worlds.make_person(owner), worlds.make_person(outside)
    worlds.join(place, member, owner)
    report = worlds.make_document(place, owner, by=member, title="Annual report", pages=PAGES)
    other = worlds.make_document(
        place, owner, by=member, rung="network", title="Other", pages=("A shelter.",)
    )
    indexed(report, other)
    return SimpleNamespace(
        owner=owner, place=place, member=member, stranger=stranger, report=report, other=other
    )


def inside(client: Client, document: Document, **query: Any) -> str:
    response = client.get(f"/en/documents/{document.uuid}/search/", query)
    assert response.status_code == 200
    return response.content.decode()


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="page-hit">.*?\?page=(\d+)', text, re.DOTALL)]


def test_a_hit_shows_its_best_pages_marked(client: Client, world: Any) -> None:
    item = find(viewer_for(world.member), "shelter river").items[0]
    assert 2 <= len(item.pages) <= 3
    assert 5 in {page.number for page in item.pages} <= {2, 3, 4, 5}
    assert all(any(piece.marked for piece in page.snippet.pieces) for page in item.pages)
    client.force_login(world.member)
    text = client.get("/en/search/", {"q": "shelter river"}).content.decode()
    assert numbers(text)[: len(item.pages)] == [page.number for page in item.pages]
    assert "<mark>Shelters</mark> and <mark>rivers</mark>" in text
    assert f"/en/documents/{world.report.uuid}/search/?q=shelter+river" in text


def test_more_pages_ask_no_more_queries(world: Any) -> None:
    viewer = viewer_for(world.member)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert find(viewer, "shelter", filters={"kind": ["document"]}).items
        return len(queries)

    count()
    few = count()
    for _ in range(5):
        indexed(
            worlds.make_document(world.place, world.owner, by=world.member, pages=PAGES * 3),
        )
    assert count() == few


def test_the_pages_of_a_document_that_hold_all_words(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = inside(client, world.report, q="shelter river")
    assert numbers(text) == [2, 5]
    assert "2 places" in text
    assert f"/en/documents/{world.report.uuid}/?page=5&amp;q=shelter+river" in text
    assert numbers(inside(client, world.report, q="shelter OR river")) == [2, 3, 4, 5]
    assert numbers(inside(client, world.report, q="shelter -river")) == [4]
    assert numbers(inside(client, world.report, q='"second time"')) == [5]
    some = inside(client, world.report, q="beginning water")
    assert numbers(some) == [1, 4]
    assert "These hold some of them" in some
    assert "No page of this document" in inside(client, world.report, q="zebra")


def test_a_page_opened_from_there_is_marked(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = inside(client, world.report, q='"a second time" -water')
    (link,) = re.findall(r'class="page-hit">.*?href="([^"]+)"', text, re.DOTALL)
    page = client.get(link.replace("&amp;", "&")).content.decode()
    assert "<mark>a second time</mark>" in page


def test_many_places_come_in_pages(client: Client, world: Any) -> None:
    long = worlds.make_document(world.place, world.owner, by=world.member, pages=("river",) * 23)
    indexed(long)
    client.force_login(world.member)
    assert numbers(inside(client, long, q="river")) == list(range(1, 11))
    assert numbers(inside(client, long, q="river", page="3")) == [21, 22, 23]
    assert numbers(inside(client, long, q="river", page="99999999999")) == list(range(1, 11))
    assert numbers(inside(client, long, q="river", page="999")) == [21, 22, 23]


def test_the_title_is_discreet(client: Client, world: Any) -> None:
    client.force_login(world.member)
    (title,) = re.findall(
        "<title>(.*?)</title>", inside(client, world.report, q="river"), re.DOTALL
    )
    assert "river" not in title
    assert "Annual" not in title
    assert world.report.reference in title


def test_a_document_of_others_is_missing(client: Client, world: Any) -> None:
    """Foreign and unknown are one page, asked or not; strangers sign in."""
    client.force_login(world.stranger)
    for query in ("", "?q=river"):
        foreign = client.get(f"/en/documents/{world.report.uuid}/search/{query}")
        unknown = client.get(f"/en/documents/{uuid4()}/search/{query}")
        assert foreign.status_code == unknown.status_code == 404
        hide = r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f-]{36}'
        texts = [re.sub(hide, "", r.content.decode()) for r in (foreign, unknown)]
        assert texts[0] == texts[1]
    client.logout()
    assert client.get(f"/en/documents/{world.report.uuid}/search/?q=river").status_code == 302


@pytest.mark.parametrize("q", ["", "   ", "?!", '"', "-x", "a " * 300, "x" * 900, "حقوق", "OR"])
def test_any_question_is_answered(client: Client, world: Any, q: str) -> None:
    client.force_login(world.member)
    assert "<h1" in inside(client, world.report, q=q)


def test_boxes_on_the_pages_of_a_document_a_workspace_and_an_organisation(
    client: Client, world: Any
) -> None:
    client.force_login(world.member)
    place = client.get(f"/en/workspaces/{world.place.uuid}/documents/").content.decode()
    assert f'name="workspace" value="{world.place.uuid}"' in place
    owner = client.get(f"/en/organisations/{world.owner.slug}/").content.decode()
    assert f'name="organisation" value="{world.owner.uuid}"' in owner
    report = client.get(f"/en/documents/{world.report.uuid}/").content.decode()
    assert f"/en/documents/{world.report.uuid}/search/" in report


def test_the_place_that_is_searched_is_said(client: Client, world: Any) -> None:
    client.force_login(world.member)
    query = {"q": "shelter", "workspace": str(world.place.uuid)}
    text = client.get("/en/search/", query).content.decode()
    assert "In the workspace" in text
    assert text.count("Quiet room") >= 2
    query = {"q": "shelter", "organisation": str(world.owner.uuid)}
    assert "By the organisation" in client.get("/en/search/", query).content.decode()
    client.force_login(world.stranger)
    query = {"q": "shelter", "workspace": str(world.place.uuid)}
    text = client.get("/en/search/", query).content.decode()
    assert "In the workspace" not in text
    assert "Quiet room" not in text


def test_a_word_found_for_a_concept_is_marked_where_it_opens(client: Client, world: Any) -> None:
    concept = Concept.objects.create(code="invented-lamp")
    for language, label in (("en", "lantern"), ("fr", "réverbère")):
        ConceptLabel.objects.create(concept=concept, language=language, text=label, preferred=True)
    french = worlds.make_document(
        world.place,
        world.owner,
        by=world.member,
        language="fr",
        title="Rapport",
        pages=("Rien.", "Un réverbère au bord de la rivière."),
    )
    indexed(french)
    client.force_login(world.member)
    (item,) = find(viewer_for(world.member), "lantern").items
    assert item.title == "Rapport"
    address = parse_qs(urlsplit(item.page_url).query)
    assert (address["page"], address["also"]) == (["2"], ["réverbère"])
    assert "<mark>réverbère</mark>" in client.get(item.page_url).content.decode()
    text = inside(client, french, q="lantern")
    assert numbers(text) == [2]
