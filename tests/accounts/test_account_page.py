"""The account page and the list of sessions."""

from typing import Any

import pytest
from django.test import Client

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry
from portal.accounts.services.profile import change_profile
from tests.worlds import PASSWORD, make_organisation, make_person

pytestmark = pytest.mark.django_db
ACCOUNT = "/en/account/"
SESSIONS = "/en/account/sessions/"


def browser(person: Any, **headers: str) -> Client:
    client = Client(**headers)
    client.post(
        "/en/account/login/", {"login": person.email, "password": PASSWORD, "next": ACCOUNT}
    )
    return client


def test_name_language_and_colours(client: Client) -> None:
    person = make_person(make_organisation("Sunrise (invented)"))
    client.force_login(person)
    page = client.get(ACCOUNT).content.decode()
    assert "Sunrise (invented)" in page
    answer = client.post(ACCOUNT, {"name": "New Name", "language": "ar", "theme": "dark"})
    assert answer.url == "/ar/account/"
    assert client.cookies["django_language"].value == "ar"
    person.refresh_from_db()
    assert (person.name, person.language, person.theme) == ("New Name", "ar", "dark")
    page = client.get("/ar/account/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'dir="rtl"' in page
    entry = AuditEntry.objects.get(verb="account.profile_changed")
    assert entry.details == {"fields": "name,language,theme"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 300},
        {"name": "a\x00b"},
        {"name": "\u200b\u202e"},
        {"language": "xx"},
        {"language": "de"},
        {"theme": "purple"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(client: Client, change: dict[str, str]) -> None:
    person = make_person()
    client.force_login(person)
    answer = client.post(ACCOUNT, {"name": "A", "language": "en", "theme": "", **change})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    before = person.name
    person.refresh_from_db()
    assert person.name == before


def test_nobody_changes_anothers_profile() -> None:
    with pytest.raises(NotAllowed):
        change_profile(make_person(), acting_user=make_person(is_superuser=True), name="x")


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    for path in (ACCOUNT, SESSIONS, "/en/account/second-factor/"):
        assert client.get(path).url == f"/en/account/login/?next={path}"


def test_one_session_is_ended_by_its_person_only() -> None:
    person, other = make_person(), make_person()
    here, there, stranger = browser(person), browser(person), browser(other)
    rows = here.get(SESSIONS).context["rows"]
    assert [row["is_current"] for row in rows].count(True) == 1
    handle = next(row["handle"] for row in rows if not row["is_current"])
    stranger.post(SESSIONS, {"session": handle})
    assert there.get(ACCOUNT).status_code == 200
    here.post(SESSIONS, {"session": handle})
    assert there.get(ACCOUNT).status_code == 302
    assert here.get(ACCOUNT).status_code == 200
    assert stranger.get(ACCOUNT).status_code == 200


def test_all_others_are_ended_at_once() -> None:
    person = make_person()
    here, there, elsewhere = browser(person), browser(person), browser(person)
    answer = here.post(SESSIONS, follow=True)
    assert "2 sessions have ended" in answer.content.decode()
    assert [c.get(ACCOUNT).status_code for c in (here, there, elsewhere)] == [200, 302, 302]


def test_ending_ones_own_session_signs_out() -> None:
    here = browser(make_person())
    (row,) = here.get(SESSIONS).context["rows"]
    here.post(SESSIONS, {"session": row["handle"]})
    assert here.get(ACCOUNT).status_code == 302


@pytest.mark.parametrize("handle", ["", "x", "1", "a:b:c", "\x00", "x" * 5000])
def test_made_up_handles_end_nothing(handle: str) -> None:
    here = browser(make_person())
    answer = here.post(SESSIONS, {"session": handle}, follow=True)
    assert "no session to end" in answer.content.decode()
