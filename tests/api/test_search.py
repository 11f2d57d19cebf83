"""Search by program: the viewer's own answer, page after page."""

import json
from typing import Any

import pytest
from django.test import Client

from coalitions.documents.models import Document
from coalitions.documents.signals import document_changed
from knowledge.models import Concept, ConceptLabel
from portal.api.v1.search import KNOWN
from search import outbox
from tests.api.asking import API, ask, is_problem, token_for
from tests.worlds import (
    join,
    make_coalition,
    make_document,
    make_organisation,
    make_person,
    make_workspace,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, Any]:
    """A public, a network, a coalition and an organisation's document with the same word."""
    owner, ally = make_organisation("Cedar", slug="cedar"), make_organisation()
    hidden = make_organisation("Quokka", listed=False)
    workspace = make_workspace(make_coalition(owner, ally), name="Wombat room")
    person = make_person(owner)
    join(workspace, person, owner)
    rungs = {"public": owner, "network": owner, "coalition": owner, "organisation": owner}
    documents = {
        rung: make_document(
            workspace,
            by_whom,
            by=person,
            rung=rung,
            title=f"Shelter {rung}",
            pages=("x", "shelter"),
        )
        for rung, by_whom in rungs.items()
    }
    documents["hidden"] = make_document(
        make_workspace(hidden), hidden, rung="public", title="Shelter of another", pages=("y",)
    )
    for document in documents.values():
        document_changed.send(sender=Document, document=document, audience_tightened=False)
    outbox.drain()
    return {"owner": owner, "ally": ally, "person": person, "documents": documents}


def found(headers: dict[str, str] | None = None, client: Client | None = None) -> set[str]:
    body = ask("search/?q=shelter", headers, client).json()
    assert body["total"] == len(body["results"])
    return {hit["title"] for hit in body["results"]}


def test_each_finds_what_they_may_see(world: dict[str, Any]) -> None:
    everybody = {"Shelter public", "Shelter of another"}
    assert found() == everybody
    _token, network = token_for(world["ally"], "read:network")
    assert found(network) == everybody | {"Shelter network"}
    _token, coalition = token_for(world["ally"], "read:coalition")
    assert found(coalition) == everybody | {"Shelter network", "Shelter coalition"}
    client = Client()
    client.force_login(world["person"])
    assert len(found(client=client)) == 5


def test_a_hit_says_where_and_names_no_place_out_of_sight(world: dict[str, Any]) -> None:
    answer = ask("search/?q=shelter")
    assert b"Wombat" not in answer.content
    assert b"Quokka" not in answer.content
    hit = next(h for h in answer.json()["results"] if h["title"] == "Shelter public")
    assert hit["kind"] == "document"
    assert hit["page"] == 2
    assert hit["organisation"]["slug"] == "cedar"
    assert hit["workspace"] is None
    assert "shelter" in hit["snippet"]
    assert Client().get(hit["url"]).status_code == 200
    owners = answer.json()["facets"]["organisation"]
    assert [owner["value"] for owner in owners] == [str(world["owner"].uuid)]


def test_narrowing_holds_at_once_though_the_index_is_stale(world: dict[str, Any]) -> None:
    world["documents"]["public"].audiences.get().end()
    assert found() == {"Shelter of another"}


def test_pages_of_results(world: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world["person"])
    seen, answer = [], ask("search/?q=shelter&limit=2", client=client).json()
    while True:
        seen += [hit["id"] for hit in answer["results"]]
        if answer["next"] is None:
            break
        answer = client.get(answer["next"]).json()
    assert len(seen) == len(set(seen)) == 5
    assert client.get(answer["previous"]).json()["results"]


def test_facets_narrow(world: dict[str, Any]) -> None:
    uuid = world["owner"].uuid
    body = ask(f"search/?q=shelter&organisation={uuid}").json()
    assert [hit["title"] for hit in body["results"]] == ["Shelter public"]


def test_an_answer_tells_of_pages_names_and_spelling(world: dict[str, Any]) -> None:
    concept = Concept.objects.create(code="invented-refuge")
    for language, label in (("en", "shelter"), ("fr", "hébergement")):
        ConceptLabel.objects.create(concept=concept, language=language, text=label, preferred=True)
    body = ask("search/?q=shelter").json()
    hit = next(h for h in body["results"] if h["title"] == "Shelter public")
    assert hit["pages"] == [{"page": 2, "snippet": "shelter"}]
    assert (body["exact"], body["complete"], body["did_you_mean"]) == (2, True, None)
    names = [{"language": "fr", "name": "hébergement"}]
    assert body["also_searched"] == [{"typed": "shelter", "names": names}]
    assert ask("search/?q=shelter&concepts=off").json()["also_searched"] == []
    body = ask("search/?q=sheltre").json()
    assert (body["total"], body["did_you_mean"]) == (0, "shelter")
    assert ask("search/?q=coaliton").json()["did_you_mean"] is None
    client = Client()
    client.force_login(world["person"])
    assert ask("search/?q=coaliton", client=client).json()["did_you_mean"] == "coalition"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%20", "q"),
        (f"q={'x' * 500}", "q"),
        ("q=x&sort=random", "sort"),
        ("q=x&concepts=maybe", "concepts"),
        ("q=x&limit=1000", "limit"),
        ("q=x&cursor=none", "cursor"),
        (f"q=x&theme={'x' * 100}", "theme"),
        ("q=x&kind=", "kind"),
        ("q=x&facet=theme", "facet"),
        ("q=x&page=2", "page"),
        ("q=x&organization=1", "organization"),
        ("q=x&Sort=date", "Sort"),
        ("x=1", "x"),
        (f"{'z' * 900}=1", "z" * 40),
    ],
)
def test_what_cannot_be_asked_is_refused_naming_it(query: str, name: str) -> None:
    assert is_problem(ask(f"search/?{query}"), 400)["errors"][0]["parameter"] == name


def test_an_unknown_parameter_is_told_what_there_is() -> None:
    errors = is_problem(ask("search/?q=x&tema=1"), 400)["errors"]
    assert errors[0]["detail"].startswith("There is no such parameter here. Send any of: q, kind,")
    for name in ("theme", "sort", "concepts", "limit", "cursor"):
        assert name in errors[0]["detail"]
    page = is_problem(ask("search/?q=x&page=2"), 400)["errors"][0]["detail"]
    assert "`next`" in page
    assert "`cursor`" in page


def test_the_description_explains_what_may_be_asked_and_nothing_else_may() -> None:
    paths = ask("schema/").json()["paths"]
    described = {one["name"]: one for one in paths["/api/v1/search/"]["get"]["parameters"]}
    assert set(described) == set(KNOWN)
    assert all(len(one.get("description", "")) > 10 for one in described.values())
    assert set(described["sort"]["schema"]["enum"]) == {"relevance", "date"}
    assert described["sort"]["schema"]["default"] == "relevance"


@pytest.mark.parametrize("value", ["0", "off", "1", "on"])
def test_concepts_mean_the_same_here_and_on_the_page(world: dict[str, Any], value: str) -> None:
    concept = Concept.objects.create(code="invented-refuge")
    for language, label in (("en", "shelter"), ("fr", "hébergement")):
        ConceptLabel.objects.create(concept=concept, language=language, text=label, preferred=True)
    here = ask(f"search/?q=shelter&concepts={value}").json()["also_searched"]
    page = Client().get("/en/search/", {"q": "shelter", "concepts": value}).content.decode()
    assert bool(here) is ("hébergement" in page) is (value in ("1", "on"))


@pytest.mark.parametrize(
    "text",
    ['"', '"""', "-", "OR", "( ) * : ^", "' OR 1=1", "\u202e\u0000x"[:1], "%", "NEAR/3", "🙈"],
)
def test_any_words_are_a_question(text: str) -> None:
    answer = Client().get(f"{API}search/", {"q": text})
    assert answer.status_code == 200
    assert json.loads(answer.content)["results"] == []
