"""Facets: what narrows, what counts, and what an outsider may not learn from either."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from coalitions.network.models import ConventionArticle, Country, DocumentType, Theme
from coalitions.network.viewers import viewer_for
from search.facets import SHOWN
from search.service import find
from tests import worlds
from tests.api.asking import ask, token_for
from tests.knowledge.makers import make_site
from tests.search.indexing import indexed

pytestmark = pytest.mark.django_db
ADDRESS = "/en/search/"


@pytest.fixture
def world() -> Any:
    """A report shared with the network from a place of two organisations, and an outsider."""
    cache.clear()
    make_site()
    owner = worlds.make_organisation("Cedar", listed=False)
    outside = worlds.make_organisation("Harbour")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Wombat room")
    own_place = worlds.make_workspace(outside, name="Own room")
    member, attacker = worlds.make_person(owner), worlds.make_person(outside)
    worlds.join(place, member, owner)
    worlds.join(own_place, attacker, outside)
    report = worlds.make_document(
        place, owner, by=member, rung="network", title="Shelter report", pages=("shelter",)
    )
    public = worlds.make_document(
        place, owner, by=member, rung="public", title="Shelter leaflet", pages=("shelter",)
    )
    own = worlds.make_document(
        own_place, outside, by=attacker, title="Own shelter", pages=("shelter",)
    )
    indexed(report, public, own)
    return SimpleNamespace(
        owner=owner,
        outside=outside,
        place=place,
        own_place=own_place,
        member=member,
        attacker=attacker,
        report=report,
        public=public,
        own=own,
    )


def answers(client: Client, value: str, query: dict[str, Any]) -> list[bytes]:
    """The page's and the API's answer, with the echoed value taken out."""
    found = []
    for address in (ADDRESS, "/api/v1/search/"):
        response = client.get(address, query)
        assert response.status_code == 200
        text = response.content.replace(value.encode(), b"~")
        found.append(re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", text))
    return found


@pytest.mark.parametrize("name", ["workspace", "organisation"])
@pytest.mark.parametrize("who", ["attacker", None])
def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(
    client: Client, world: Any, name: str, who: str | None
) -> None:
    """Chosen alone, beside one's own, and with further filters."""
    if who:
        client.force_login(getattr(world, who))
    hidden = world.place if name == "workspace" else worlds.make_organisation(listed=False)
    if name == "organisation":
        hidden = world.owner
        if who:  # people of the network see every organisation
            return
    own = str((world.own_place if name == "workspace" else world.outside).uuid)
    # Values that nothing holds stand in the order of their letters: one on the same side of `own`.
    unknown = next(
        value
        for value in (str(uuid4()) for _ in range(1000))
        if (value < own) == (str(hidden.uuid) < own)
    )
    for more in ({}, {"kind": "document"}, {"sort": "date"}):
        for beside in ([], [own]):
            both = []
            for value in (str(hidden.uuid), unknown):
                query = {"q": "shelter", name: [*beside, value], **more}
                both.append(answers(client, value, query))
            assert both[0] == both[1]
    alone = ask(f"search/?q=shelter&{name}={hidden.uuid}", client=client).json()
    assert (alone["total"], alone["results"]) == (0, [])


def test_the_same_for_a_token(world: Any) -> None:
    _token, headers = token_for(world.outside, "read:network")
    foreign, unknown = str(world.place.uuid), str(uuid4())
    texts = [
        ask(f"search/?q=shelter&workspace={v}", headers).content.replace(v.encode(), b"~")
        for v in (foreign, unknown)
    ]
    assert texts[0] == texts[1]
    assert foreign.encode() not in ask("search/?q=shelter", headers).content


def test_a_place_beyond_which_something_is_shared_is_no_facet_of_outsiders(
    client: Client, world: Any
) -> None:
    client.force_login(world.attacker)
    for address in (ADDRESS, "/api/v1/search/"):
        text = client.get(address, {"q": "shelter"}).content.decode()
        assert "Shelter report" in text
        assert "Wombat" not in text
        assert str(world.place.uuid) not in text
        assert str(world.own_place.uuid) in text
    found = find(viewer_for(world.attacker), "shelter")
    assert [v.value for v in found.results.facets["workspace"]] == [str(world.own_place.uuid)]
    assert "workspace" not in find(viewer_for(None), "shelter").results.facets


def test_members_narrow_by_their_place(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = client.get(ADDRESS, {"q": "shelter", "workspace": world.place.uuid}).content.decode()
    assert "2 results" in text
    assert "Wombat room" in text


def test_an_organisation_that_strangers_may_not_see_is_no_facet(client: Client, world: Any) -> None:
    for address in (ADDRESS, "/api/v1/search/"):
        text = client.get(address, {"q": "shelter"}).content.decode()
        assert "Shelter leaflet" in text
        assert str(world.owner.uuid) not in text
        assert "Cedar" not in text


def test_another_way_to_write_a_uuid_is_another_value(world: Any) -> None:
    viewer = viewer_for(world.member)
    for value in (str(world.place.uuid).upper(), world.place.uuid.hex, f"{{{world.place.uuid}}}"):
        assert find(viewer, "shelter", filters={"workspace": [value]}).total == 0


@pytest.mark.parametrize(
    "query",
    [
        {"year": "abc"},
        {"year": "9" * 79},
        {"year": ["-1", "2026", "٢٠٢٦"]},
        {"article": "9" * 40},
        {"article": ["0", "55", "٣", "1.5"]},
        {"audience": ["nonsense", "public"]},
        {"workspace": ["-", "x" * 70]},
        {"organisation": "-"},
        {"language": "qqqq"},
        {"country": ["<b>", "ZZ"]},
        {"type": "%_"},
    ],
)
def test_values_that_are_none_are_harmless(
    client: Client, world: Any, query: dict[str, Any]
) -> None:
    client.force_login(world.member)
    text = client.get(ADDRESS, {"q": "shelter", **query}).content.decode()
    assert "<h1" in text
    assert "<b>" not in text
    assert client.get("/api/v1/search/", {"q": "shelter", **query}).status_code == 200


def described(world: Any) -> None:
    """Give the three documents different facts."""
    themes = list(Theme.objects.filter(parent=None)[:2])
    numbers = list(ConventionArticle.objects.filter(number__in=(3, 19, 34)))
    kinds = list(DocumentType.objects.all()[:2])
    for place, document in enumerate((world.report, world.public, world.own)):
        document.themes.add(themes[place % 2])
        document.articles.add(*numbers[place:])
        document.countries.add(Country.objects.get_or_create(code=("NL", "SN", "NL")[place])[0])
        document.type = kinds[place % 2]
        document.date = f"{2020 + place}-03-01"
        document.save()
    for document in (world.report, world.public, world.own):
        document.refresh_from_db()
    indexed(world.report, world.public, world.own)


def test_values_of_a_facet_are_or_and_facets_are_and(world: Any) -> None:
    described(world)
    viewer = viewer_for(world.attacker)

    def total(**filters: list[str]) -> int:
        return find(viewer, "shelter", filters=filters).total

    assert total(year=["2020"]) == 1
    assert total(year=["2020", "2021"]) == 2
    assert total(year=["2020", "2021"], country=["SN"]) == 1
    assert total(article=["34"]) == 3
    assert total(article=["3"]) == 1
    assert total(audience=["public", "network"]) == 2
    found = find(viewer, "shelter", filters={"year": ["2020"], "country": ["NL"]})
    years = {v.value: (v.count, v.chosen) for v in found.results.facets["year"]}
    assert years == {"2020": (1, True), "2022": (1, False)}
    countries = {v.value: v.count for v in found.results.facets["country"]}
    assert countries == {"NL": 1}


def test_facets_have_names_and_an_order(client: Client, world: Any) -> None:
    described(world)
    client.force_login(world.attacker)
    text = client.get(
        "/nl/search/", {"q": "shelter", "audience": "public", "country": "SN"}
    ).content.decode()
    assert re.findall(r'name="year" value="(\d+)"', text) == ["2021"]
    assert re.findall(r'name="country" value="(\w+)" checked', text) == ["SN"]
    assert "Senegal" in text
    text = client.get("/nl/search/", {"q": "shelter"}).content.decode()
    assert re.findall(r'name="year" value="(\d+)"', text) == ["2022", "2021", "2020"]
    assert re.findall(r'name="article" value="(\d+)"', text) == ["3", "19", "34"]
    assert "Nederland" in text
    assert len(re.findall(r'name="audience" value="\w+">\s*<span><span class="chip', text)) == 3


def test_each_pill_takes_its_own_value_away(client: Client, world: Any) -> None:
    described(world)
    client.force_login(world.attacker)
    query = {"q": "shelter", "year": ["2020", "2022"], "sort": "date", "page": "1"}
    text = client.get(ADDRESS, query).content.decode()
    links = re.findall(r'<li><a href="(\?[^"]*)">', text)
    assert "?q=shelter&amp;year=2022&amp;sort=date" in links
    assert "?q=shelter&amp;year=2020&amp;sort=date" in links


def test_a_long_facet_keeps_the_chosen_first_and_the_rest_at_hand(
    client: Client, world: Any
) -> None:
    codes = ["NL", "BE", "FR", "ES", "PT", "DE", "AR", "BR", "SN", "KH", "TH", "PH", "IN"]
    for code in codes:
        world.own.countries.add(Country.objects.get_or_create(code=code)[0])
    indexed(world.own)
    client.force_login(world.attacker)
    text = client.get(ADDRESS, {"q": "shelter", "country": "TH"}).content.decode()
    country = text[text.index("<summary>Country") : text.index("<summary>Organisation")]
    first, _, more = country.partition(f"Show {len(codes) - SHOWN} more")
    assert len(re.findall('name="country"', first)) == SHOWN
    assert 'value="TH" checked' in first
    assert len(re.findall('name="country"', more)) == len(codes) - SHOWN
