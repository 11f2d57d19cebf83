"""How the API answers: problems, headers, methods, formats, its description."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.exceptions import UnsupportedMediaType

from coalitions.documents.models import Document
from portal.api.problems import problem_handler
from portal.api.throttling import ViewerRateThrottle
from search.service import SearchUnavailable
from tests.api.asking import API, ask, is_problem, token_for
from tests.worlds import (
    make_document,
    make_organisation,
    make_person,
    make_workspace,
)

pytestmark = pytest.mark.django_db
NOBODYS = "00000000-0000-4000-8000-000000000000"


# Problems ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "none/",
        "documents/none/",
        "documents/1/",
        f"documents/{NOBODYS}/",
        "organisations/none/",
        f"documents/{NOBODYS}/pages/",
        f"documents/{NOBODYS}/versions/99999999999999999999999/pages/",
        f"documents/{NOBODYS}/versions/1/download/",
        "../",
        "organisations/a%2Fb/",
        "x" * 3000,
        "organisations/%F0%9F%92%A9/",
        f"organisations/{'x' * 300}/",
        "articles/",
        "docs/none/",
    ],
)
def test_what_is_not_there_is_one_problem(path: str) -> None:
    answer = ask(path)
    if path == "articles/":
        assert answer.status_code == 200
        return
    if path == "../":
        assert answer.status_code in (301, 302, 404)
        return
    body = is_problem(answer, 404)
    assert answer.content == ask(f"documents/{NOBODYS}/").content
    assert "errors" not in body


def test_a_huge_version_number_of_a_visible_document(library: list[Document]) -> None:
    for number in (0, 2, 2**31, 2**63, 10**40):
        for place in ("pages", "download"):
            is_problem(ask(f"documents/{library[0].uuid}/versions/{number}/{place}/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused_before_anything_is_looked_up(method: str) -> None:
    document = make_document(make_workspace(owner := make_organisation()), owner)
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(owner))
    answers = set()
    for path in (
        "documents/",
        f"documents/{document.uuid}/",
        f"documents/{uuid4()}/",
        "organisations/none/",
        "search/",
        "schema/",
        "",
    ):
        answer = getattr(client, method)(API + path)
        is_problem(answer, 405)
        assert answer.headers["Allow"] == "GET, HEAD"
        answers.add(answer.content)
    assert len(answers) == 1
    is_problem(getattr(client, method)(f"{API}docs/"), 405)
    is_problem(getattr(client, method)(f"{API}none/"), 404)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/csv", "image/*", "x"])
def test_other_formats_are_refused(accept: str) -> None:
    is_problem(ask("documents/", {"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.8", ""])
def test_json_is_given(accept: str) -> None:
    answer = ask("documents/?format=xml", {"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"


def test_an_address_with_characters_that_cannot_be_kept() -> None:
    is_problem(ask("documents/?q=%00"), 400)
    is_problem(ask("documents/%00/"), 400)


def test_a_body_of_another_kind_is_a_problem_too() -> None:
    is_problem(problem_handler(UnsupportedMediaType("text/x"), {}), 415)


def test_too_many_requests_are_told_when_to_come_back(monkeypatch: Any) -> None:
    monkeypatch.setattr(ViewerRateThrottle, "rate", "3/min", raising=False)
    organisation = make_organisation()
    _one, first = token_for(organisation)
    _two, second = token_for(organisation)
    for _number in range(3):
        assert ask("documents/", first).status_code == 200
    answer = ask("documents/", first)
    is_problem(answer, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert ask("documents/", second).status_code == 200
    # Guessing counts by address, and rotating a header is no way round.
    for number in range(3):
        headers = {"Authorization": "Bearer npt_no", "X-Forwarded-For": f"198.51.100.{number}"}
        is_problem(ask("documents/", headers), 401)
    is_problem(ask("documents/", {"Authorization": "Bearer npt_no"}), 429)
    is_problem(ask("documents/"), 429)


def test_a_cache_or_an_engine_that_is_down_is_503() -> None:
    with patch.object(ViewerRateThrottle.cache, "get", side_effect=RedisConnectionError):
        answer = ask("documents/")
    is_problem(answer, 503)
    assert answer.headers["Retry-After"]
    with patch("portal.api.v1.search.find", side_effect=SearchUnavailable):
        is_problem(ask("search/?q=x"), 503)


def test_an_error_of_ours_is_a_problem_without_a_word_about_it(client: Client) -> None:
    client.raise_request_exception = False
    with patch("portal.api.v1.documents.surroundings_of", side_effect=RuntimeError("Quokka")):
        answer = client.get(f"{API}documents/")
    is_problem(answer, 500)
    assert b"Quokka" not in answer.content


# Headers -------------------------------------------------------------------------------------
def test_who_may_keep_an_answer(library: list[Document], client: Client) -> None:
    public = ask("documents/")
    assert public.headers["Cache-Control"] == "public, no-cache"
    assert {"Authorization", "Cookie"} <= set(public.headers["Vary"].split(", "))
    etag = public.headers["ETag"]
    assert ask("documents/", {"If-None-Match": etag}).status_code == 304
    _token, headers = token_for(make_organisation(), "read:network")
    client.force_login(make_person())
    for answer in (ask("documents/", headers), ask("documents/", client=client)):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
    known = ask("documents/", {**headers, "If-None-Match": etag})
    assert known.status_code == 200
    library[0].audiences.get().end()
    assert ask("documents/", {"If-None-Match": etag}).status_code == 200


def test_head_is_get_without_its_body(library: list[Document]) -> None:
    for path in ("documents/", f"documents/{library[0].uuid}/", "schema/", "docs/"):
        answer = Client().head(API + path)
        assert answer.status_code == 200
        assert answer.content == b""
    assert Client().head(f"{API}documents/{uuid4()}/").status_code == 404


def test_answers_are_in_one_language(library: list[Document]) -> None:
    one, other = (ask("documents/", {"Accept-Language": code}) for code in ("fr", "ar"))
    assert one.content == other.content
    assert one.headers["Content-Language"] == "en"
    missing = [ask("none/", {"Accept-Language": code}).content for code in ("fr", "ar")]
    assert missing[0] == missing[1]


def test_other_origins_are_told_of_the_api_alone(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://section.example"]
    good, bad = {"Origin": "https://section.example"}, {"Origin": "https://evil.example"}
    allow = "Access-Control-Allow-Origin"
    assert ask("documents/", good).headers[allow] == "https://section.example"
    assert "Access-Control-Allow-Credentials" not in ask("documents/", good).headers
    assert allow not in ask("documents/", bad).headers
    assert allow not in Client().get("/en/account/login/", headers=good).headers
    preflight = {**good, "Access-Control-Request-Method": "GET"}
    owner = make_organisation()
    document = make_document(make_workspace(owner), owner)
    there, missing = (
        Client().options(f"{API}documents/{uuid}/", headers=preflight)
        for uuid in (document.uuid, uuid4())
    )
    assert (there.status_code, dict(there.headers)) == (missing.status_code, dict(missing.headers))


# The description ------------------------------------------------------------------------------
def test_the_description_is_complete_and_the_same_for_everybody(client: Client) -> None:
    schema = ask("schema/")
    assert schema.status_code == 200
    paths = set(schema.json()["paths"])
    assert {f"{API}documents/", f"{API}search/", f"{API}articles/{{key}}/{{language}}/"} <= paths
    assert all(path.startswith(API) for path in paths)
    client.force_login(make_person(make_organisation()))
    assert ask("schema/", client=client).content == schema.content


def test_the_page_of_the_description_needs_no_script(client: Client) -> None:
    body = client.get(f"{API}docs/").content.decode()
    assert "/api/v1/documents/{uuid}/versions/{number}/download/" in body
    assert "<style" not in body
    assert "style=" not in body
    assert body.count("<script") == 2  # the portal's own, and htmx
    assert "http://" not in body.replace("http://www.w3.org", "")
    policy = client.get(f"{API}docs/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy


def test_the_first_address_leads_on() -> None:
    for address in ask("").json().values():
        assert Client().get(address, {"q": "x"}).status_code == 200
