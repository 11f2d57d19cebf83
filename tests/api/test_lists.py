"""Lists: pages by cursor, filters, what is named in them, what they cost."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.documents.models import Document
from coalitions.network.models import ConventionArticle, Country, Programme, Theme
from tests.api.asking import API, ask, ids, is_problem, token_for
from tests.knowledge.makers import make_article, make_site
from tests.worlds import (
    join,
    make_coalition,
    make_document,
    make_organisation,
    make_person,
    make_workspace,
)

pytestmark = pytest.mark.django_db


# Pages of lists ------------------------------------------------------------------------------
def test_pages_forth_and_back_hold_each_item_once(library: list[Document]) -> None:
    pages, answer = [], ask("documents/?limit=5")
    while True:
        body = answer.json()
        pages.append([item["id"] for item in body["results"]])
        if body["next"] is None:
            break
        answer = Client().get(body["next"])
    assert [len(page) for page in pages] == [5, 5, 2]
    expected = [str(d.uuid) for d in sorted(library, key=lambda d: (d.created, d.uuid))][::-1]
    assert [one for page in pages for one in page] == expected
    back = []
    while body["previous"] is not None:
        body = Client().get(body["previous"]).json()
        back.append([item["id"] for item in body["results"]])
    assert back == pages[-2::-1]


def test_pages_are_stable_while_things_come_and_go(library: list[Document]) -> None:
    first = ask("documents/?limit=5").json()
    gone = Document.objects.get(uuid=first["results"][4]["id"])
    gone.audiences.get().end()
    make_document(gone.workspace, gone.owner, rung="public")
    second = Client().get(first["next"]).json()
    seen = {item["id"] for item in first["results"]} | {item["id"] for item in second["results"]}
    assert len(seen) == 10
    assert {item["id"] for item in second["results"]} <= {str(d.uuid) for d in library}


@pytest.mark.parametrize(
    "limit", ["0", "-1", "101", "1000000", "9" * 5000, "x", "", "1.5", "５", "1 OR 1"]
)
def test_a_limit_that_is_none_is_refused_naming_it(limit: str) -> None:
    for path in ("documents/", "organisations/", "articles/"):
        body = is_problem(Client().get(API + path, {"limit": limit}), 400)
        assert body["errors"][0]["parameter"] == "limit"
        assert "100" in body["errors"][0]["detail"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "bnVsbA:abc", "=" * 100, "x" * 5000, "\u202e", "../../etc"]
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    for path in ("documents/", "organisations/", "articles/", "search/?q=x"):
        separator = "&" if "?" in path else "?"
        answer = Client().get(f"{API}{path}{separator}", {"cursor": cursor, "q": "x"})
        assert is_problem(answer, 400)["errors"][0]["parameter"] == "cursor"


def test_a_cursor_serves_its_own_list_only(library: list[Document]) -> None:
    link = ask("documents/?limit=5").json()["next"]
    cursor = link.split("cursor=")[1].split("&")[0]
    for path in ("organisations/", f"documents/{library[0].uuid}/pages/", "articles/"):
        is_problem(ask(f"{path}?cursor={cursor}"), 400)


def test_filters_narrow_and_refuse_in_words() -> None:
    owner = make_organisation(slug="sunrise")
    workspace = make_workspace(owner)
    mine = make_document(workspace, owner, rung="public", language="fr")
    mine.themes.add(
        Theme.objects.get(code="juvenile-justice")
        if Theme.objects.filter(code="juvenile-justice").exists()
        else Theme.objects.first()
    )
    code = mine.themes.get().code
    mine.countries.add(Country.objects.get(code="NL"))
    mine.articles.add(ConventionArticle.objects.get(number=37))
    other = make_document(workspace, owner, rung="public", language="en")
    both = {str(mine.uuid), str(other.uuid)}
    one = {str(mine.uuid)}
    cases = {
        "": both,
        "language=fr": one,
        f"theme={code}": one,
        "country=nl": one,
        "convention_article=37": one,
        "organisation=sunrise": both,
        "organisation=none-such": set(),
        "theme=none-such": set(),
        "changed_since=2020-01-01T00:00:00Z": both,
        "changed_since=2020-01-01T00:00:00+02:00": both,
        "changed_since=2999-01-01T00:00:00Z": set(),
    }
    for query, expected in cases.items():
        assert ids(f"documents/?{query}") == expected, query
    for query in (
        "language=xx",
        "theme=%20",
        "country=Netherlands",
        "convention_article=55",
        "convention_article=０",
        "organisation=../",
        "changed_since=yesterday",
        "changed_since=2026-13-45T00:00:00Z",
        "changed_since=0001-01-01T00:00:00%2B14:00",
        "changed_since=9999-12-31T23:59:59-14:00",
    ):
        name = query.split("=")[0]
        answer = ask(f"documents/?{query}")
        if answer.status_code != 200:
            assert is_problem(answer, 400)["errors"][0]["parameter"] == name, query


def test_the_libraries_as_lists() -> None:
    owner = make_organisation()
    coalition = make_coalition(owner)
    workspace = make_workspace(coalition)
    made = {
        rung: str(make_document(workspace, owner, rung=rung).uuid)
        for rung in ("organisation", "workspace", "coalition", "network", "public")
    }
    _token, headers = token_for(owner, "read:network", "read:coalition", "read:organisation")
    further = {made[rung] for rung in ("coalition", "network", "public")}
    assert ids(f"documents/?library={coalition.uuid}", headers) == further
    assert ids("documents/?library=network", headers) == {made["network"], made["public"]}
    assert ids("documents/?library=public", headers) == {made["public"]}
    assert ids("documents/?library=public") == {made["public"]}
    for closed in (coalition.uuid, uuid4(), "network"):
        assert ids(f"documents/?library={closed}") == set()
    for wrong in ("", "coalition", "x" * 500):
        answer = is_problem(ask(f"documents/?library={wrong}"), 400)
        assert answer["errors"][0]["parameter"] == "library"


def test_an_organisation_out_of_sight_owns_nothing_by_name() -> None:
    hidden = make_organisation(slug="hidden", listed=False)
    document = make_document(make_workspace(hidden), hidden, rung="public")
    assert ids("documents/?organisation=hidden") == set()
    assert ids("documents/?organisation=hidden-not") == set()
    item = ask(f"documents/{document.uuid}/").json()
    assert item["owner"] is None
    _token, headers = token_for(make_organisation(), "read:network")
    assert ids("documents/?organisation=hidden", headers) == {str(document.uuid)}


# What is named -------------------------------------------------------------------------------
def test_a_document_names_its_surroundings_to_those_who_may_know() -> None:
    owner = make_organisation(name="Zwartewater", listed=False)
    coalition = make_coalition(owner)
    workspace = make_workspace(coalition, name="Quokka room", purpose="Wombat")
    programme = Programme.objects.create(
        code="numbat", names={"en": "Numbat programme"}, coalition=coalition
    )
    by = make_person(owner, name="Thylacine Person", email="dingo@example.org")
    original = make_document(workspace, owner, by=by, rung="organisation", title="Original")
    document = make_document(
        workspace, owner, by=by, rung="public", programme=programme, translation_of=original
    )
    path = f"documents/{document.uuid}/"
    answer = ask(path)
    for word in (
        "Zwartewater",
        "Quokka",
        "Wombat",
        "umbat",
        "Thylacine",
        "dingo",
        workspace.reference,
    ):
        assert word not in answer.content.decode(), word
    body = answer.json()
    assert body["workspace"] is body["programme"] is body["owner"] is body["translation_of"] is None
    join(workspace, by, owner)
    client = Client()
    client.force_login(by)
    body = ask(path, client=client).json()
    assert body["workspace"]["name"] == "Quokka room"
    assert body["programme"]["code"] == "numbat"
    assert body["owner"]["slug"] == owner.slug
    assert body["translation_of"] == str(original.uuid)
    assert "Thylacine" not in json.dumps(body)
    _token, headers = token_for(owner, "read:network", "read:coalition", "read:organisation")
    body = ask(path, headers).json()
    assert body["workspace"] is None
    assert body["programme"]["code"] == "numbat"


def test_versions_pages_and_their_text(library: list[Document]) -> None:
    document = library[0]
    base = f"documents/{document.uuid}/"
    (version,) = ask(f"{base}versions/").json()["results"]
    assert version["number"] == 1
    assert version["pages"].endswith(f"{base}versions/1/pages/")
    for path in (f"{base}pages/", f"{base}versions/1/pages/"):
        first = ask(f"{path}?limit=2").json()
        assert [(p["number"], p["text"]) for p in first["results"]] == [(1, "one"), (2, "two")]
        (last,) = Client().get(first["next"]).json()["results"]
        assert last["text"] == "three"
    is_problem(ask(f"{base}versions/2/pages/"), 404)


def test_articles_in_their_languages() -> None:
    make_site()
    hidden = make_organisation(listed=False, name="Zwartewater")
    theme = Theme.objects.first()
    article = make_article(
        "public",
        title="A shelter",
        publisher=hidden,
        themes=[theme],
        convention_articles=[ConventionArticle.objects.get(number=20)],
    )
    make_article(None, title="Un abri", language="fr", translation_of=article)
    draft = make_article(None, title="Ein Dach", language="nl", translation_of=article, live=False)
    secret = make_article("network", title="Quokka")
    items = ask("articles/").json()["results"]
    assert {item["title"] for item in items} == {"A shelter", "Un abri"}
    key = article.translation_key
    one = ask(f"articles/{key}/en/").json()
    assert one["themes"] == [theme.code]
    assert one["convention_articles"] == [20]
    assert [t["language"] for t in one["translations"]] == ["fr"]
    assert one["publisher"] is None
    assert one["shared_with"] == "public"
    assert isinstance(one["body"], list)
    assert one["page"].startswith("http://testserver/en/knowledge/")
    for path in (
        f"articles/{key}/nl/",
        f"articles/{key}/xx/",
        f"articles/{uuid4()}/en/",
        f"articles/{secret.translation_key}/en/",
        f"articles/{draft.translation_key}/nl/",
    ):
        is_problem(ask(path), 404)
    _token, headers = token_for(make_organisation(), "read:network")
    assert ask(f"articles/{secret.translation_key}/en/", headers).status_code == 200
    assert ask("articles/?language=fr").json()["results"][0]["title"] == "Un abri"


# The number of queries does not grow ----------------------------------------------------------
def queries_of(path: str, client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(API + path).status_code == 200
    return len(queries)


def test_lists_cost_the_same_however_long() -> None:
    make_site()
    owner = make_organisation()
    workspace = make_workspace(owner)
    person = make_person(owner)
    join(workspace, person, owner)
    programme = Programme.objects.create(code="p", names={"en": "P"})
    client = Client()
    client.force_login(person)

    def add() -> None:
        make_organisation().countries.add(Country.objects.get(code="NL"))
        article = make_article("public", publisher=owner, themes=[Theme.objects.first()])
        make_article(None, language="fr", translation_of=article, publisher=owner)
        document = make_document(workspace, owner, by=person, programme=programme, pages=("x",))
        document.themes.add(Theme.objects.first())

    add()
    paths = ("organisations/", "documents/", "articles/")
    first = [queries_of(path, client) for path in paths]
    first = [queries_of(path, client) for path in paths]
    for _number in range(8):
        add()
    assert [queries_of(path, client) for path in paths] == first
    assert max(first) <= 25, first
