"""Health: one word for strangers, the parts for operators, 503 for database and storage alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connections
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.home import health
from search.engines.base import SearchUnavailable

TOKEN = "an-operators-token-for-tests"
PARTS = {"database", "storage", "search_engine", "broker", "outbox", "search_drift"}


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    settings.OPERATOR_TOKEN = TOKEN
    health.forget()
    yield
    health.forget()


@pytest.fixture
def broken_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(type(storages["documents"]), "save", refuse)


def ask(client: Client, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get(reverse("readyz"), headers=headers)


def test_addresses_have_no_language() -> None:
    assert reverse("healthz") == "/healthz"
    assert reverse("readyz") == "/readyz"


def test_alive_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    # Without the mark for the database: a query would fail this test.
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_a_stranger_learns_one_word(client: Client) -> None:
    response = ask(client)
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["wrong", TOKEN + "x", TOKEN[:-1], "é", " "])
def test_a_wrong_token_is_a_strangers(client: Client, token: str) -> None:
    assert ask(client, token).json() == {"status": "ok"}


@pytest.mark.django_db
def test_no_token_opens_an_installation_without_one(client: Client, settings: Any) -> None:
    settings.OPERATOR_TOKEN = ""
    response = client.get("/readyz", headers={"Authorization": "Bearer "})
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_an_operator_learns_the_parts(client: Client) -> None:
    body = ask(client, TOKEN).json()
    assert body["status"] == "ok"
    assert set(body["checks"]) == PARTS
    assert body["checks"]["database"]["ok"]
    assert body["checks"]["search_engine"]["ok"]
    assert body["checks"]["outbox"]["ok"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_superuser", "address", "told"),
    [
        (True, "127.0.0.1", True),
        (True, "::1", True),
        (True, "192.0.2.7", False),
        (False, "127.0.0.1", False),
    ],
)
def test_a_session_counts_on_loopback_for_superusers(
    client: Client, is_superuser: bool, address: str, told: bool
) -> None:
    user = User.objects.create_user("op@example.org", "long enough", name="Op")
    user.is_superuser = is_superuser
    user.save()
    client.force_login(user)
    response = client.get("/readyz", REMOTE_ADDR=address)
    assert ("checks" in response.json()) is told


@pytest.mark.django_db
@pytest.mark.usefixtures("broken_storage")
def test_without_storage_it_is_not_ready(client: Client) -> None:
    response = ask(client)
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable"}
    detail = ask(client, TOKEN).json()["checks"]["storage"]
    assert detail["ok"] is False
    assert detail["detail"] == "OSError"


@pytest.mark.django_db
def test_without_database_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("gone: secret detail")

    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)
    response = ask(client)
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable"}
    assert b"secret" not in ask(client, TOKEN).content


@pytest.mark.django_db
def test_without_engine_or_broker_it_is_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def refuse() -> str:
        raise SearchUnavailable

    monkeypatch.setattr(health.search_health, "engine", refuse)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = ask(client, TOKEN)
    assert response.status_code == 200
    checks = response.json()["checks"]
    assert checks["search_engine"] == {
        "ok": False,
        "milliseconds": checks["search_engine"]["milliseconds"],
        "detail": "SearchUnavailable",
    }
    assert checks["broker"]["ok"] is False


@pytest.mark.django_db
def test_many_probes_cost_one_look(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(health, "_storage", lambda: looks.append(1) or "counted")
    for _ in range(5):
        ask(client)
    assert len(looks) == 1


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
