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
from search.correcting import correct_within
from search.indexed import ref_of
from search.inside import find_inside
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_site

pytestmark = pytest.mark.django_db

# Halves of characters, bytes that are no text, values that no facet has; and what is refused.
ODD_RAW = {
    "q=%ED%A0%80shelter": 200,
    "q=%FF%FE": 200,
    "q=shelter&kind=x&theme=%ED%A0%80&year=%FF&article=-1&audience=all&workspace=1": 200,
    "q=shelter&page=%F0%9F%98%80&sort=%ED%A0%80&concepts=%FF": 200,
    "q=%00": 400,
    "q=shelter&kind=%00": 400,
    "q=shelter&page=%00": 400,
}
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
    assert numbers(text)[:2] == [2, 5]
    assert f"/en/documents/{world.report.uuid}/?page=5&amp;q=shelter+river" in text
    assert numbers(inside(client, world.report, q="shelter OR river")) == [2, 3, 4, 5]
    assert numbers(inside(client, world.report, q="shelter -river")) == [4]
    assert numbers(inside(client, world.report, q='"second time"')) == [5]
    some = inside(client, world.report, q="beginning water")
    assert numbers(some) == [1, 4]
    assert "These hold some of them" in some
    assert "No page of this document" in inside(client, world.report, q="zebra")


def test_pages_with_some_of_the_words_come_after_those_with_all(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = inside(client, world.report, q="shelter river")
    assert "4 places" in text
    first, second = text.split("With some of your words")
    assert "With all your words" in first
    assert (numbers(first), numbers(second)) == ([2, 5], [3, 4])
    assert '<ol class="results" start="3">' in second
    assert "No page holds all" not in text
    alone = inside(client, world.report, q="shelter")
    assert numbers(alone) == [2, 4, 5]
    assert "With all" not in alone
    assert "With some" not in alone


def test_both_parts_are_turned_over_together(client: Client, world: Any) -> None:
    """Every page once, in one order, whichever part a page of the answer begins in."""
    texts = ["river" if number % 2 else "shelter by a river" for number in range(1, 26)]
    long = worlds.make_document(world.place, world.owner, by=world.member, pages=tuple(texts))
    indexed(long)
    client.force_login(world.member)
    answers = [inside(client, long, q="shelter river", page=str(n)) for n in (1, 2, 3)]
    every, some = list(range(2, 26, 2)), list(range(1, 26, 2))
    assert [n for text in answers for n in numbers(text)] == every + some
    assert ["With all" in text for text in answers] == [True, True, False]
    assert ["With some" in text for text in answers] == [False, True, True]
    assert '<ol class="results" start="21">' in answers[2]


def test_nothing_untrue_is_said_of_a_very_long_question(client: Client, world: Any) -> None:
    client.force_login(world.member)
    words = "another shelter far from water zebra lion tiger wolf bear"
    text = inside(client, world.report, q=words)
    assert 4 in numbers(text)
    assert "No page holds all" not in text
    assert "With some of your words" in text


def test_a_better_spelling_is_offered_inside_too(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = inside(client, world.report, q="sheltre", concepts="off")
    assert 'href="?q=shelter&amp;concepts=off"><bdi dir="auto">shelter</bdi></a>?' in text
    assert "No page of this document" in text
    both = inside(client, world.report, q="watre river")
    assert "water river</bdi>" in both
    assert numbers(both) == [2, 3, 5]
    for right in ("shelter river", "shelters", "beginning water", "zebra", '"', "-sheltre"):
        assert "Did you mean" not in inside(client, world.report, q=right)


def test_other_documents_lend_no_spelling(client: Client, world: Any) -> None:
    """Neither what the reader may see beside this document, nor what they may not."""
    beside = worlds.make_document(
        world.place, world.owner, by=world.member, rung="network", title="B", pages=("lighthouse",)
    )
    indexed(beside)
    client.force_login(world.member)
    assert "lighthouse" in inside(client, beside, q="lighthuose").split("<h1", 1)[1]
    assert "Did you mean" not in inside(client, world.report, q="lighthuose")
    client.force_login(world.stranger)
    assert "Did you mean" not in inside(client, world.other, q="lighthuose")
    assert "Did you mean" not in inside(client, world.other, q="watre")


def test_a_spelling_is_only_of_pages_that_are_searched(client: Client, world: Any) -> None:
    """Words of the title alone stand on no page."""
    client.force_login(world.member)
    assert "Did you mean" not in inside(client, world.report, q="anual")


def test_strangers_ask_the_index_of_public_things_alone(client: Client, world: Any) -> None:
    """So that neither its statistics nor the time it takes tell of anything else."""
    public = worlds.make_document(
        world.place, world.owner, by=world.member, rung="public", title="D", pages=PAGES
    )
    indexed(public)

    def asked(viewer: Any) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            found = find_inside(viewer, public, 'shelter river -water "second time"')
        assert found.within.every == (5,)
        index = ("search_text", "search_entrypage")
        return [query["sql"] for query in queries if any(name in query["sql"] for name in index)]

    def of_all(sql: str) -> bool:
        if connection.vendor == "sqlite":
            return "search_text_all" in sql
        return "AND public" not in sql

    mine, theirs = asked(viewer_for(world.member)), asked(viewer_for(None))
    assert len(mine) == len(theirs) > 0
    assert all(of_all(sql) for sql in mine)
    assert not any(of_all(sql) for sql in theirs)
    text = inside(client, public, q="shelter river")
    assert numbers(text)[:2] == [2, 5]
    client.force_login(world.member)
    assert numbers(inside(client, public, q="shelter river")) == numbers(text)


def test_hidden_words_cost_no_statement_inside(client: Client, world: Any) -> None:
    hidden = worlds.make_document(
        world.place, world.owner, by=world.member, title="C", pages=("quokkasanctuary",)
    )
    indexed(hidden)
    ref = ref_of("document", world.other.uuid)

    def shape(typed: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert correct_within(viewer_for(world.stranger), ref, typed) == ""
        return [re.sub(r"'[^']*'|\d+", "~", query["sql"]) for query in queries]

    assert shape("quokasanctuary") == shape("quokkasanctuary") == shape("zuokkasanctuary")
    gone = ref_of("document", hidden.uuid)
    assert correct_within(viewer_for(world.stranger), gone, "quokasanctuary") == ""


def test_a_page_opened_from_there_is_marked(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = inside(client, world.report, q='"a second time" -water')
    (link,) = re.findall(r'class="page-hit">.*?href="([^"]+)"', text, re.DOTALL)
    page = client.get(link.replace("&amp;", "&")).content.decode()
    assert re.search("<mark[^>]*>a second time</mark>", page)


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


@pytest.mark.parametrize(
    "q", ["", "   ", "?!", '"', "-x", "a " * 300, "x" * 900, "حقوق", "OR", "x" * 10_000]
)
def test_any_question_is_answered(client: Client, world: Any, q: str) -> None:
    client.force_login(world.member)
    assert "<h1" in inside(client, world.report, q=q)


def test_any_raw_address_is_answered(client: Client, world: Any) -> None:
    client.force_login(world.member)
    for raw, status in ODD_RAW.items():
        for address in (f"/en/documents/{world.report.uuid}/search/", "/en/search/"):
            answer = client.get(f"{address}?{raw}")
            assert answer.status_code == status, raw
            wanted = "<h1" if status == 200 else "cannot be read. Type it again."
            assert wanted in answer.content.decode()


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
    opened = client.get(item.page_url).content.decode()
    assert re.search("<mark[^>]*>réverbère</mark>", opened)
    text = inside(client, french, q="lantern")
    assert numbers(text) == [2]
