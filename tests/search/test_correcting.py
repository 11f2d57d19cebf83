"""Did you mean, names searched too, and the notice of the reserve index."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.documents.services import share_document, trash_document
from coalitions.network.viewers import viewer_for
from knowledge.models import Concept, ConceptLabel
from search import outbox
from search.asking import ask
from search.correcting import correct
from search.engines.embedded import EmbeddedEngine, spellings
from tests import worlds
from tests.knowledge.makers import make_site
from tests.search.indexing import indexed

pytestmark = pytest.mark.django_db
ADDRESS = "/en/search/"


@pytest.fixture
def world() -> Any:
    cache.clear()
    make_site()
    owner, outside = worlds.make_organisation("Cedar"), worlds.make_organisation("Harbour")
    place = worlds.make_workspace(worlds.make_coalition(owner))
    member, attacker = worlds.make_person(owner), worlds.make_person(outside)
    worlds.join(place, member, owner)
    shared = worlds.make_document(
        place, owner, by=member, rung="network", title="A", pages=("A lighthouse and harbours.",)
    )
    hidden = worlds.make_document(
        place, owner, by=member, rung="organisation", title="B", pages=("A quokkasanctuary.",)
    )
    public = worlds.make_document(
        place, owner, by=member, rung="public", title="C", pages=("The windmill turns.",)
    )
    indexed(shared, hidden, public)
    return SimpleNamespace(
        owner=owner,
        outside=outside,
        place=place,
        member=member,
        attacker=attacker,
        hidden=hidden,
        public=public,
    )


def page(client: Client, **query: Any) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lighthuose", "lighthouse"),
        ("ligthhouse harbour", "lighthouse harbour"),
        ('"lighthouse and harbuors"', '"lighthouse and harbours"'),
        ("lighthuose -river", "lighthouse -river"),
        ("Wnidmill,", "windmill,"),
        ("lighthouse windmill", ""),
        ("lighthouse", ""),
        ("zzzzqqqq", ""),
        ("-lighthuose", ""),
        ("", ""),
    ],
)
def test_what_may_have_been_meant(world: Any, typed: str, meant: str) -> None:
    assert correct(viewer_for(world.member), typed, {}) == meant


def test_the_page_offers_it_and_keeps_the_filters(client: Client, world: Any) -> None:
    client.force_login(world.member)
    text = page(client, q="lighthuose", kind="document", page="3")
    assert "Did you mean" in text
    assert 'href="?q=lighthouse&amp;kind=document"' in text
    assert "Did you mean" not in page(client, q="lighthouse")
    assert "Did you mean" not in page(client, q="lighthuose", year="1900")


def test_a_word_of_hidden_things_corrects_nothing_for_others(client: Client, world: Any) -> None:
    assert correct(viewer_for(world.member), "quokasanctuary", {}) == "quokkasanctuary"
    for viewer in (viewer_for(world.attacker), viewer_for(None)):
        for typed in ("quokasanctuary", "quokkasanctuary", "quokkasanctuarie"):
            assert correct(viewer, typed, {}) == ""
    assert correct(viewer_for(None), "lighthuose", {}) == ""
    assert correct(viewer_for(None), "wnidmill", {}) == "windmill"


def test_a_hidden_word_takes_the_same_statements_as_none(client: Client, world: Any) -> None:
    def shape(typed: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            correct(viewer_for(world.attacker), typed, {})
        return [re.sub(r"'[^']*'|\d+", "~", query["sql"]) for query in queries]

    shape("warm")
    assert shape("quokkasanctuary") == shape("zuokkasanctuary")


def test_what_is_gone_is_not_offered(world: Any) -> None:
    viewer = viewer_for(world.member)
    world.public.audiences.get(until__isnull=True).end()
    indexed(world.public)
    assert correct(viewer, "wnidmill", {}) == ""


@pytest.mark.parametrize("pruned", [False, True])
@pytest.mark.parametrize("secret", ["yquokka", "nothing"])
def test_what_was_narrowed_takes_no_place_of_what_is_visible(
    world: Any, secret: str, pruned: bool
) -> None:
    decider = worlds.make_person(world.owner, "administrator")
    worlds.join(world.place, decider, world.owner, "contributor")
    asker = worlds.make_person(world.outside, "administrator")
    victim = worlds.make_document(
        world.place, world.owner, by=world.member, rung="network", title="D", pages=(secret,)
    )
    indexed(victim)
    share_document(acting_user=decider, document=victim, rung="organisation")
    outbox.drain()
    if pruned:
        spellings.prune()
    own = worlds.make_workspace(world.outside)
    worlds.join(own, asker, world.outside, "coordinator")
    bait, target = (
        worlds.make_document(
            own, world.outside, by=asker, rung="organisation", title=t, pages=(text,)
        )
        for t, text in (("X", "aquokka bquokka cquokka dquokka"), ("Y", "zquokka"))
    )
    indexed(bait, target)
    trash_document(acting_user=asker, document=bait)
    outbox.drain()
    assert correct(viewer_for(asker), "xquokka", {}) == "zquokka"


def test_hidden_words_are_not_looked_for_in_the_text(world: Any) -> None:
    def looked(typed: str) -> list[int]:
        with mock.patch.object(EmbeddedEngine, "present", return_value=frozenset()) as present:
            correct(viewer_for(world.attacker), typed, {})
        return [len(call.args[0]) for call in present.call_args_list]

    assert looked("quokkasanctuary") == looked("zuokkasanctuary") == [0, 0]
    assert looked("lighthouse")[0] == looked("harbour")[0] == 1


@pytest.fixture
def concept(world: Any) -> Concept:
    made = Concept.objects.create(code="invented-lamp")
    for language, label in (("en", "lantern"), ("fr", "réverbère"), ("nl", "straatlamp")):
        ConceptLabel.objects.create(concept=made, language=language, text=label, preferred=True)
    indexed(
        worlds.make_document(
            world.place,
            world.owner,
            by=world.member,
            rung="public",
            language="fr",
            title="Rapport",
            pages=("Un réverbère.",),
        )
    )
    return made


def test_names_searched_too_are_said_and_can_be_switched_off(
    client: Client, world: Any, concept: Concept
) -> None:
    text = page(client, q="lantern", kind="document")
    assert "Also searched:" in text
    assert '<bdi lang="fr" dir="ltr">réverbère</bdi>' in text
    assert "Rapport" in text
    (off,) = re.findall(r'href="(\?[^"]*concepts=off)"', text)
    text = client.get(f"{ADDRESS}{off.replace('&amp;', '&')}").content.decode()
    assert "Rapport" not in text
    assert "Also searched:" not in text
    assert text.count('name="concepts" value="off"') == 2
    assert 'href="?q=lantern&amp;kind=document"' in text  # back again
    assert 'href="?q=lantern&amp;concepts=off"' in text  # the pill keeps the choice


def test_the_reserve_index_is_said(client: Client, world: Any) -> None:
    def incomplete(*args: Any) -> Any:
        return replace(ask(*args), complete=False)

    assert "reserve index" not in page(client, q="windmill")
    with mock.patch("search.service.ask", incomplete):
        assert "reserve index" in page(client, q="windmill")
