"""Superusers see what could not be indexed, and let it be tried again or left."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from search.models import OutboxRow
from tests.knowledge.makers import make_site, make_staff

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/reports/search/"
KEY = "5b3f9a2e-0000-4000-8000-000000000001"


@pytest.fixture
def administrator() -> Client:
    make_site()
    user = User.objects.create_user("op@example.org", "long enough", name="Op")
    user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


def set_aside(**fields: Any) -> OutboxRow:
    values = {
        "kind": "document",
        "key": KEY,
        "attempts": 10,
        "set_aside": True,
        "failure": "RecordRefused",
    }
    return OutboxRow.objects.create(**{**values, **fields})


def post(client: Client, act: str, **fields: str) -> Any:
    values = {"act": act, "engine": "embedded", "kind": "document", "key": KEY}
    return client.post(ADDRESS, {**values, **fields}, follow=True)


def test_what_is_set_aside_is_listed_once(administrator: Client) -> None:
    set_aside()
    set_aside()
    set_aside(engine="elasticsearch", failure="BadText")
    OutboxRow.objects.create(kind="document", key="waits")
    text = administrator.get(ADDRESS).content.decode()
    assert text.count(f"<td>{KEY}</td>") == 2
    assert "RecordRefused" in text
    assert "BadText" in text
    assert "waits" not in text
    assert ADDRESS in administrator.get("/admin/").content.decode()


def test_nothing_is_set_aside(administrator: Client) -> None:
    assert "Everything that should be searchable is." in administrator.get(ADDRESS).content.decode()


def test_try_again(administrator: Client) -> None:
    set_aside()
    other = set_aside(engine="elasticsearch")
    assert "tried again" in post(administrator, "again").content.decode()
    row = OutboxRow.objects.get(engine="embedded")
    assert (row.set_aside, row.attempts, row.failure) == (False, 0, "")
    other.refresh_from_db()
    assert other.set_aside


def test_give_up(administrator: Client) -> None:
    set_aside()
    kept = OutboxRow.objects.create(kind="document", key=KEY)
    assert "left as it is" in post(administrator, "give-up").content.decode()
    assert list(OutboxRow.objects.all()) == [kept]


@pytest.mark.parametrize("act", ["again", "give-up", "", "other"])
def test_what_is_not_set_aside_is_said_kindly(administrator: Client, act: str) -> None:
    answer = post(administrator, act, key="x\0y" * 50)
    assert answer.status_code == 200
    assert "not set aside" in answer.content.decode()


def test_there_is_no_such_page_for_others(client: Client, administrator: Client) -> None:
    set_aside()
    client.force_login(make_staff())
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"act": "give-up"}).status_code == 404
    assert ADDRESS not in client.get("/admin/").content.decode()
    client.logout()
    assert client.get(ADDRESS).status_code == 302
    assert OutboxRow.objects.count() == 1
