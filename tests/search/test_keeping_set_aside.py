"""Those with the right see what could not be indexed, and let it be tried again or left."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from coalitions.access import NotAllowed
from portal.accounts.models import User
from search.models import OutboxRow
from search.set_aside import give_up, try_again
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
    OutboxRow.objects.create(kind="document", key="pending-one")
    text = administrator.get(ADDRESS).content.decode()
    assert text.count(f"<td>{KEY}</td>") == 2
    assert "RecordRefused" in text
    assert "BadText" in text
    assert "pending-one" not in text
    assert ADDRESS in administrator.get("/admin/").content.decode()


def told(client: Client) -> str:
    return " ".join(client.get(ADDRESS).content.decode().split())


ALL = "Everything that should be searchable is."


def test_nothing_is_set_aside(administrator: Client) -> None:
    OutboxRow.objects.all().delete()
    text = told(administrator)
    assert "Nothing is set aside." in text
    assert ALL in text
    assert "did not take these things" not in text


def test_what_waits_or_is_tried_again_is_said(administrator: Client) -> None:
    OutboxRow.objects.all().delete()
    for key in "ab":
        OutboxRow.objects.create(kind="document", key=key)
    text = told(administrator)
    assert "Nothing is set aside." in text
    assert "2 changes wait to be indexed" in text
    assert ALL not in text
    OutboxRow.objects.filter(key="a").update(attempts=3)
    OutboxRow.objects.create(kind="document", key="a", engine="elasticsearch", attempts=1)
    text = told(administrator)
    assert "1 thing failed and is tried again by itself" in text
    assert ALL not in text
    set_aside()
    text = told(administrator)
    assert "did not take these things in ten attempts" in text
    assert "1 thing failed and is tried again by itself" in text
    assert "Nothing is set aside." not in text


def permit(person: User, *rights: str) -> None:
    group = Group.objects.create(name="Keepers of the index")
    group.permissions.set(Permission.objects.filter(codename__in=rights))
    person.groups.add(group)


def test_a_group_may_be_given_the_report(client: Client, administrator: Client) -> None:
    set_aside()
    keeper = make_staff()
    permit(keeper, "view_outboxrow")
    client.force_login(keeper)
    text = told(client)
    assert KEY in text
    assert 'value="again"' not in text
    assert 'value="give-up"' not in text
    assert ADDRESS in client.get("/admin/").content.decode()
    for act in ("again", "give-up"):
        assert post(client, act).status_code == 404
    assert OutboxRow.objects.filter(set_aside=True).count() == 1
    permit_more = Permission.objects.get(codename="change_outboxrow")
    keeper.groups.get(name="Keepers of the index").permissions.add(permit_more)
    assert "tried again" in post(client, "again").content.decode()
    assert not OutboxRow.objects.filter(set_aside=True).exists()


def test_the_acts_are_refused_without_the_right(administrator: Client) -> None:
    set_aside()
    for act in (try_again, give_up):
        with pytest.raises(NotAllowed):
            act(acting_user=make_staff(), engine="embedded", kind="document", key=KEY)


def test_the_rights_are_offered_where_groups_are_edited(administrator: Client) -> None:
    page = administrator.get("/admin/groups/new/").content.decode()
    assert "outbox row" in page


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
