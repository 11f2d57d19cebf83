"""The search page: the right things for each viewer, whatever the address says."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coalitions.documents.models import DocumentPage
from coalitions.network.models import Theme
from coalitions.network.viewers import viewer_for
from search import outbox
from search.engines.base import FACETS, SearchUnavailable
from search.service import find
from tests import worlds
from tests.knowledge.makers import make_article, make_site
from tests.search.indexing import indexed

pytestmark = pytest.mark.django_db
ADDRESS = "/en/search/"


@pytest.fixture
def world() -> Any:
    cache.clear()
    make_site()
    owner, other = worlds.make_organisation("Cedar"), worlds.make_organisation("Harbour")
    coalition = worlds.make_coalition(owner, other)
    workspace = worlds.make_workspace(coalition, name="Quiet room")
    member, reader = worlds.make_person(owner), worlds.make_person(other)
    worlds.join(workspace, member, owner)
    report = worlds.make_document(
        workspace,
        owner,
        by=member,
        rung="coalition",
        title="Shelter report",
        pages=("Nothing here.", "Children were moved to a small shelter by the river."),
    )
    secret = worlds.make_document(
        workspace, owner, by=member, rung="organisation", title="Shelter plans", pages=("shelter",)
    )
    article = make_article(
        "public",
        title="What a shelter is",
        slug="shelter",
        summary="A shelter <b>gives</b> rest.",
        publisher=owner,
    )
    indexed(report, secret, owner, other)
    return SimpleNamespace(
        owner=owner,
        other=other,
        workspace=workspace,
        member=member,
        reader=reader,
        report=report,
        secret=secret,
        article=article,
    )


def page(client: Client, **query: Any) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return response.content.decode()


def titles(viewer: Any, text: str, **options: Any) -> set[str]:
    return {item.title for item in find(viewer, text, **options).items}


def test_each_viewer_finds_their_own(world: Any) -> None:
    assert titles(viewer_for(world.member), "shelter") == {
        "Shelter report",
        "Shelter plans",
        "What a shelter is",
    }
    assert titles(viewer_for(world.reader), "shelter") == {"Shelter report", "What a shelter is"}
    assert titles(viewer_for(None), "shelter") == {"What a shelter is"}


def test_a_hit_names_its_page_and_marks_the_words(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = page(client, q="shelters river")
    assert f"/en/documents/{world.report.uuid}/?page=2&amp;q=shelters+river#mark-1" in text
    assert "Page 2" in text
    assert "<mark>shelter</mark> by the <mark>river</mark>" in text
    assert "Quiet room" in text
    assert "Cedar" in text


def test_text_of_others_is_escaped(client: Client, world: Any) -> None:
    text = page(client, q="gives rest")
    assert "&lt;b&gt;<mark>gives</mark>&lt;/b&gt;" in text
    assert "<b>gives" not in text
    assert 'value="&quot;&gt;&lt;script&gt;"' in page(client, q='"><script>')


def test_a_place_is_named_to_its_members_only(client: Client, world: Any) -> None:
    client.force_login(world.reader)
    text = page(client, q="shelter")
    assert "Shelter report" in text
    assert "Quiet room" not in text
    assert "Shelter plans" not in text


def test_the_title_never_holds_the_query(client: Client, world: Any) -> None:
    (title,) = re.findall("<title>(.*?)</title>", page(client, q="shelter"), re.DOTALL)
    assert "shelter" not in title.lower()


def test_facets_narrow_and_count_for_this_viewer(client: Client, world: Any) -> None:
    theme = Theme.objects.first()
    assert theme is not None
    world.report.themes.add(theme)
    indexed(world.report)
    viewer = viewer_for(world.member)
    found = find(viewer, "shelter", filters={"kind": ["document"], "theme": [theme.code]})
    assert [item.title for item in found.items] == ["Shelter report"]
    counts = {value.value: value.count for value in found.results.facets["kind"]}
    assert counts == {"document": 1}
    client.force_login(world.member)
    text = page(client, q="shelter", kind="document")
    assert re.search(r'name="kind" value="document" checked', text)
    assert 'href="?q=shelter"' in text
    assert str(world.owner.uuid) in text


def test_organisations_are_found_by_name_and_country(client: Client, world: Any) -> None:
    from coalitions.network.models import Country

    country = Country.objects.get_or_create(code="NL")[0]
    world.other.countries.add(country)
    indexed(world.other)
    assert titles(viewer_for(None), "harbour") == {"Harbour"}
    assert titles(viewer_for(None), "Pays-Bas") == {"Harbour"}
    assert f"/organisations/{world.other.slug}/" in page(client, q="harbour")


def test_what_access_ended_for_is_dropped_from_a_stale_index(world: Any) -> None:
    row = world.report.audiences.get(until__isnull=True)
    row.end(timezone.now())
    found = find(viewer_for(world.member), "shelter", filters={"kind": ["document"]})
    assert [item.title for item in found.items] == ["Shelter plans"]
    assert (found.dropped, found.total) == (1, 1)


def test_a_stranger_gets_the_same_bytes_with_and_without_hidden_things(
    client: Client, world: Any
) -> None:
    addresses = [
        {"q": "shelter"},
        {"q": "shelter river"},
        {"q": "zebra"},
        {"kind": "document"},
        {"q": "shelter", "organisation": str(world.owner.uuid), "sort": "date"},
    ]

    def answers() -> list[str]:
        texts = [page(client, **address) for address in addresses]
        return [
            re.sub(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", t) for t in texts
        ]

    before = answers()
    for number in range(12):
        hidden = worlds.make_document(
            world.workspace,
            world.owner,
            by=world.member,
            title=f"Zebra shelter {number}",
            pages=("zebra river shelter " * 20,),
        )
        indexed(hidden)
    assert answers() == before
    assert len(find(viewer_for(world.member), "zebra").items) == 10


def test_the_number_of_queries_does_not_grow(world: Any) -> None:
    viewer = viewer_for(world.member)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = find(viewer, "shelter", size=50)
        assert len(found.items) > 2
        return len(queries)

    count()  # the addresses of the site are cached at the first look
    few = count()
    for number in range(8):
        indexed(
            worlds.make_document(
                world.workspace,
                worlds.make_organisation(),
                by=world.member,
                rung="workspace",
                title=f"Shelter {number}",
                pages=("one", "shelter two"),
            )
        )
        make_article("network", title=f"Shelter {number}", publisher=worlds.make_organisation())
    outbox.drain()
    assert count() == few


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("?q=shelter&sort=relevance", "?q=shelter"),
        ("?q=&kind=document&theme=", "?kind=document"),
        ("?q=", ""),
        ("?q=a+b&sort=relevance&concepts=off&page=2", "?q=a+b&concepts=off&page=2"),
    ],
)
def test_what_is_so_anyway_stands_in_no_address(client: Client, given: str, kept: str) -> None:
    """Old addresses and forms whose fields were left empty lead to the plain address."""
    response = client.get(f"{ADDRESS}{given}")
    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}{kept}")
    assert client.get(f"{ADDRESS}{kept}").status_code == 200


def test_the_page_makes_plain_addresses(client: Client, world: Any) -> None:
    """Forms send no default, and the order is changed by links that keep the rest."""
    client.force_login(world.member)
    text = page(client, q="shelter", kind="document")
    assert 'name="sort"' not in text
    assert 'name="q" value=""' not in text
    assert '<a href="?q=shelter&amp;kind=document&amp;sort=date">Newest first</a>' in text
    newest = page(client, q="shelter", kind="document", sort="date", page="2")
    assert newest.count('type="hidden" name="sort" value="date"') == 2
    assert '<a href="?q=shelter&amp;kind=document">Best match first</a>' in newest
    wordless = page(client, kind="document")
    assert not re.search(r'type="hidden" name="q"', wordless)
    made = [
        worlds.make_document(world.workspace, world.owner, by=world.member, title="Tent")
        for _ in range(12)
    ]
    indexed(*made)
    second = page(client, q="tent", page="2")
    assert "page=1" not in second.split("<footer")[0]
    assert re.search(r'<a href="\?q=tent" rel="prev">', second)


def test_examples_can_be_tried(client: Client, world: Any) -> None:
    text = page(client)
    links = re.findall(r'<dt><a href="(\?q=[^"]+)"><bdi>(.*?)</bdi></a></dt>', text)
    assert len(links) == 3
    for link, said in links:
        assert f'value="{said.replace(chr(34), "&quot;")}"' in page_at(client, link)


def page_at(client: Client, address: str) -> str:
    response = client.get(f"{ADDRESS}{address}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "   "},
        {"q": "?!"},
        {"q": "x" * 10_000},
        {"q": "shelter " * 1250},
        {"q": "alpha " * 500},
        {"q": "shelter", "page": "99999999999999999999"},
        {"q": "shelter", "page": "-1"},
        {"q": "shelter", "page": "zwei"},
        {"q": "shelter", "page": "٣"},
        {"q": "shelter", "sort": "nonsense"},
        {"q": "shelter", "kind": ["document", "nonsense"] * 200},
        {"q": "shelter", "organisation": "not-a-uuid"},
        {"q": "shelter", "theme": "y" * 5000},
        {"q": "shelter", "year": "٢٠٢٠", "article": "-1", "audience": "all", "country": "?"},
        {"q": "shelter", "language": "xx", "type": "\u202e", "workspace": "0" * 32},
        {"q": '" OR -( ) {title} : * ^'},
        {"q": "حقوق الطفل"},
        {"language": "nl"},
    ],
)
def test_any_address_is_answered(client: Client, world: Any, query: dict[str, Any]) -> None:
    client.force_login(world.member)
    assert "<h1" in page(client, **query)


def test_nothing_found_says_what_to_do(client: Client, world: Any) -> None:
    text = page(client, q="zebra")
    assert "0 results" in text
    assert "after they sign in" in text


def test_where_there_is_nothing_to_narrow_nothing_asks_to(client: Client, world: Any) -> None:
    """What was chosen can still be taken away."""
    client.force_login(world.member)
    empty = page(client, q="zebra").split("<main")[1]
    assert "Narrow the results" not in empty
    assert "Show results" not in empty
    assert "search-layout" not in empty
    chosen = page(client, q="zebra", kind="document").split("<main")[1]
    assert "Narrow the results" in chosen
    assert "Narrow the results" in page(client, q="shelter")


def test_an_engine_that_does_not_answer_is_said(client: Client, world: Any) -> None:
    with mock.patch("search.service.ask", side_effect=SearchUnavailable):
        response = client.get(ADDRESS, {"q": "shelter"})
    assert response.status_code == 503
    assert "0 results" not in response.content.decode()


@pytest.mark.parametrize("language", ["nl", "fr", "es", "ar"])
def test_in_every_language(client: Client, world: Any, language: str) -> None:
    response = client.get(f"/{language}/search/", {"q": "shelter", "kind": "article"})
    assert response.status_code == 200
    assert "<mark>shelter</mark>" in response.content.decode()


def test_a_page_without_text_is_found_by_its_title(world: Any) -> None:
    DocumentPage.objects.filter(version__document=world.report).delete()
    indexed(world.report)
    (item,) = find(viewer_for(world.reader), "report", filters={"kind": ["document"]}).items
    assert (item.page, item.page_url, item.snippet.pieces) == (0, "", ())


def test_a_long_address_is_answered_with_a_short_page(client: Client) -> None:
    """Each chosen value stands in the links of the others: a page must not be megabytes of it."""
    chosen = "".join(f"&{name}=v{n}" for name in FACETS for n in range(30))
    sent_along = "".join(f"&x{n}={'y' * 50}" for n in range(100))
    answer = client.get(f"/en/search/?q=shelter{chosen}{sent_along}")
    assert answer.status_code == 200
    assert len(answer.content) < 200_000
    # The links to the other languages keep the whole address, and no others do.
    assert answer.content.count(b"x7=y") <= 12


@pytest.mark.parametrize("typed", ['"', "OR", "-", "?!", '""'])
def test_signs_that_are_no_words_are_answered_with_a_hint(client: Client, typed: str) -> None:
    answer = client.get("/en/search/", {"q": typed})
    assert answer.status_code == 200
    assert "holds no word to look for" in answer.content.decode()
    assert 'class="result"' not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
