"""Suggestions while typing: right for each viewer, discreet, bounded, kept by nobody."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knowledge.models import Concept, ConceptLabel
from search import outbox
from search.suggesting import MOST, SuggestThrottle
from tests import worlds
from tests.knowledge.makers import make_article, make_site
from tests.search.indexing import indexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    cache.clear()
    make_site()
    owner, other = worlds.make_organisation("Cedar"), worlds.make_organisation("Shelter house")
    hidden = worlds.make_organisation("Sheltered quokka", listed=False)
    place = worlds.make_workspace(worlds.make_coalition(owner, other))
    member, reader = worlds.make_person(owner), worlds.make_person(other)
    worlds.join(place, member, owner)
    report = worlds.make_document(
        place, owner, by=member, rung="coalition", title="Shelter <report>", language="nl"
    )
    secret = worlds.make_document(
        place, owner, by=member, rung="organisation", title="Shelterplans of Zanzibar"
    )
    make_article("public", title="What a shelter is", slug="shelter", publisher=owner)
    indexed(report, secret, owner, other, hidden)
    return SimpleNamespace(
        owner=owner, place=place, member=member, reader=reader, report=report, secret=secret
    )


def asked(client: Client, q: str, language: str = "en") -> list[str]:
    response = client.get(f"/{language}/search/suggest/", {"q": q})
    assert response.status_code == 200
    return re.findall(r"<span><bdi[^>]*>(.*?)</bdi></span>", response.content.decode())


def test_each_viewer_is_offered_their_own(client: Client, world: Any) -> None:
    public = {"What a shelter is", "Shelter house"}
    assert set(asked(client, "shel")) == public
    client.force_login(world.reader)
    network = public | {"Shelter &lt;report&gt;", "Sheltered quokka"}
    assert set(asked(client, "shel")) == network
    client.force_login(world.member)
    assert set(asked(client, "shel")) == network | {"Shelterplans of Zanzibar"}
    assert asked(client, "zanzibar shel") == ["Shelterplans of Zanzibar"]
    assert asked(client, "SHÉLTERPL") == ["Shelterplans of Zanzibar"]
    assert asked(client, "helter") == []


def test_a_suggestion_leads_to_the_thing(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = client.get("/en/search/suggest/", {"q": "shelter re"}).content.decode()
    assert f'href="/en/documents/{world.report.uuid}/"' in text
    assert '<bdi lang="nl" dir="ltr">' in text
    assert 'data-said="1 suggestion.' in text


def test_what_may_not_be_seen_any_more_is_left_out_of_a_stale_index(
    client: Client, world: Any
) -> None:
    client.force_login(world.member)
    assert asked(client, "zanz") == ["Shelterplans of Zanzibar"]
    world.secret.audiences.get(until__isnull=True).end()
    assert asked(client, "zanz") == []


def test_hidden_titles_change_neither_bytes_nor_statements(client: Client, world: Any) -> None:
    def shape(q: str) -> tuple[bytes, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/en/search/suggest/", {"q": q})
        return response.content, [re.sub(r"'[^']*'|\d+", "~", each["sql"]) for each in queries]

    for who in (None, world.reader):
        if who:
            client.force_login(who)
        shape("warm")
        assert shape("zanz") == shape("qanz")
        assert shape("shelterpl") == shape("qhelterpl")


def test_names_of_concepts_are_offered(client: Client, world: Any) -> None:
    concept = Concept.objects.create(code="invented-lamp")
    for language, label in (("en", "lantern light"), ("nl", "lantaarnlicht")):
        ConceptLabel.objects.create(concept=concept, language=language, text=label, preferred=True)
    text = client.get("/nl/search/suggest/", {"q": "lant"}).content.decode()
    assert re.findall(r"<span><bdi[^>]*>(.*?)</bdi></span>", text) == ["lantaarnlicht"]
    assert 'href="/nl/search/?q=lantaarnlicht"' in text


def test_the_readers_language_comes_first_among_alike_ones(client: Client, world: Any) -> None:
    """What begins with it before what holds it; of each the reader's language, then newer ones."""
    made = [
        worlds.make_document(
            world.place, world.owner, by=world.member, rung="public", title=title, language=language
        )
        for title, language in (
            ("Bestimmung eins", "de"),
            ("Best practice", "en"),
            ("The best of all", "en"),
            ("Der Bestand", "de"),
            ("Bestuur", "nl"),
            ("Bestimmung zwei", "de"),
        )
    ]
    indexed(*made)
    english = asked(client, "best")
    assert english[0] == "Best practice"
    assert set(english[1:4]) == {"Bestimmung eins", "Bestimmung zwei", "Bestuur"}
    assert english[4:] == ["The best of all", "Der Bestand"]
    dutch = asked(client, "best", "nl")
    assert dutch[0] == "Bestuur"
    assert [t for t in dutch if t in english[1:4] and t != "Bestuur"] == [
        t for t in english[1:4] if t != "Bestuur"
    ]
    assert asked(client, "best") == english


def test_a_translation_in_the_readers_language_is_offered(client: Client, world: Any) -> None:
    english = make_article("public", title="Zebra crossing", slug="zebra", publisher=world.owner)
    make_article(title="Zebra ou passage", slug="zebra-fr", language="fr", translation_of=english)
    outbox.drain()
    assert asked(client, "zebra") == ["Zebra crossing"]
    assert asked(client, "zebra", "fr") == ["Zebra ou passage"]


def test_there_are_at_most_eight(client: Client, world: Any) -> None:
    for number in range(12):
        indexed(
            worlds.make_document(
                world.place, world.owner, by=world.member, rung="public", title=f"Lamp {number}"
            )
        )
    for number in range(5):
        concept = Concept.objects.create(code=f"lamp-{number}")
        ConceptLabel.objects.create(
            concept=concept, language="en", text=f"lamp post {number}", preferred=True
        )
    assert len(asked(client, "lamp")) == MOST


def test_nobody_keeps_them(client: Client, world: Any) -> None:
    assert "no-store" in client.get("/en/search/suggest/", {"q": "shel"})["Cache-Control"]
    client.force_login(world.member)
    assert "no-store" in client.get("/en/search/suggest/", {"q": "shel"})["Cache-Control"]


def test_who_asks_too_often_waits(
    client: Client, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SuggestThrottle, "rate", "3/min")
    statuses = [client.get("/en/search/suggest/", {"q": "sh"}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    client.force_login(world.member)
    assert client.get("/en/search/suggest/", {"q": "sh"}).status_code == 200


@pytest.mark.parametrize(
    "q", ["", " ", "s", "?!", "x" * 5000, '"', "%", "_", "a' OR 1=1", "\u202e", "حق", "🙈", "คน"]
)
def test_anything_may_be_typed(client: Client, world: Any, q: str) -> None:
    client.force_login(world.member)
    assert asked(client, q) == []


def test_boxes_ask_and_the_policy_holds(client: Client, world: Any) -> None:
    for address in ("/en/", "/en/search/", "/en/organisations/"):
        response = client.get(address)
        text = response.content.decode()
        assert text.count('hx-get="/en/search/suggest/"') == 1
        assert '"allowEval": false' in text
        assert '"includeIndicatorStyles": false' in text
        assert "unsafe" not in response["Content-Security-Policy"]
