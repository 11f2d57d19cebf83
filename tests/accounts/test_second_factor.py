"""The second factor: set up, asked for, not to be got round, and not at rest in clear."""

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from coalitions.network.models import AuditEntry
from portal.accounts.models import User
from tests.accounts.codes import code_of, set_up
from tests.worlds import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/en/account/login/"
CODE = "/en/account/second-factor/code/"
APP = "/en/account/second-factor/app/"
AFTER = "/en/account/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def first_step(client: Client, person: User) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": AFTER})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def reauthenticated(client: Client, person: User) -> None:
    """Sign in through the door, so that the password counts as just given."""
    first_step(client, person)
    client.post("/en/account/reauthenticate/", {"password": PASSWORD, "next": AFTER})


def test_the_code_is_asked_for_and_opens(client: Client) -> None:
    person = make_person(language="nl")
    secret = set_up(person)
    answer = first_step(client, person)
    assert answer.url == CODE
    assert not is_in(client)
    assert client.get(CODE).status_code == 200
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.url == "/nl/account/"
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "000000", "x" * 500, "\x00", "１２３４５６", None])
def test_a_wrong_code_does_not_open(client: Client, code: str | None) -> None:
    person = make_person()
    set_up(person)
    first_step(client, person)
    answer = client.post(CODE, {} if code is None else {"code": code})
    assert answer.status_code == 200
    assert not is_in(client)


def test_the_page_of_the_code_alone_opens_nothing(client: Client) -> None:
    person = make_person()
    secret = set_up(person)
    assert client.get(CODE).url == LOGIN
    assert client.post(CODE, {"code": code_of(secret)}).url == LOGIN
    assert not is_in(client)


def test_between_the_steps_one_is_a_stranger(client: Client) -> None:
    person = make_person()
    set_up(person)
    first_step(client, person)
    for path in (AFTER, APP, "/en/account/sessions/", "/en/account/password/change/"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert is_in(client) is False
    assert client.get("/admin/").status_code == 302


def test_one_persons_code_does_not_open_anothers_account(client: Client) -> None:
    person, thief = make_person(), make_person()
    set_up(person)
    secret = set_up(thief)
    first_step(client, person)
    client.post(CODE, {"code": code_of(secret)})
    assert not is_in(client)


def test_a_code_opens_once() -> None:
    person = make_person()
    secret = set_up(person)
    code = code_of(secret, step=1)  # valid for longer than allauth remembers a used one
    first, second = Client(), Client()
    first_step(first, person)
    first.post(CODE, {"code": code})
    assert is_in(first)
    from unittest.mock import patch

    later = time.time() + 31
    with patch("allauth.mfa.totp.internal.auth.time.time", return_value=later):
        cache.delete(f"allauth.mfa.totp.used?user={person.pk}&code={code}")
        first_step(second, person)
        second.post(CODE, {"code": code})
    assert not is_in(second)


def test_guessing_is_stopped(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    person = make_person()
    secret = set_up(person)
    first_step(client, person)
    for _attempt in range(5):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": code_of(secret)})
    assert "Too many tries" in answer.content.decode()
    assert not is_in(client)


def test_somebody_deactivated_between_the_steps_stays_out(client: Client) -> None:
    person = make_person()
    secret = set_up(person)
    first_step(client, person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    client.post(CODE, {"code": code_of(secret)})
    assert client.get(AFTER).status_code == 302


def test_a_reset_password_does_not_get_round_it(client: Client) -> None:
    from portal.accounts.services import password_reset

    person = make_person()
    set_up(person)
    password_reset._mail(person, "en")
    link = next(line for line in mail.outbox[-1].body.split() if "/key/" in line)
    page = client.get(link, follow=True)
    client.post(
        page.request["PATH_INFO"],
        {"password1": "another long password", "password2": "another long password"},
    )
    assert not is_in(client)
    answer = client.post(LOGIN, {"login": person.email, "password": "another long password"})
    assert answer.url == CODE


@pytest.mark.django_db(transaction=True)
def test_setting_up_and_switching_off(client: Client) -> None:
    person = make_person()
    reauthenticated(client, person)
    page = client.get(APP)
    body = page.content.decode()
    secret = page.context["form"].secret
    assert secret in body
    assert "<svg" in body
    assert "style=" not in body
    assert "data:image" not in body
    refused = client.post(APP, {"code": "000000"})
    assert refused.status_code == 200
    answer = client.post(APP, {"code": code_of(secret)})
    assert answer.url == "/en/account/second-factor/recovery-codes/"
    shown = client.get(answer.url)
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert shown.headers["Cache-Control"] == "private, no-store"
    again = client.get(answer.url)
    assert all(code not in again.content.decode() for code in codes)
    assert client.get("/en/account/second-factor/").status_code == 200
    assert [message.subject for message in mail.outbox] == ["Network Portal: second factor on"]
    assert person.name not in mail.outbox[0].body
    # A recovery code opens, once.
    elsewhere = Client()
    for opens in (True, False):
        elsewhere = Client()
        first_step(elsewhere, person)
        elsewhere.post(CODE, {"code": codes[0]})
        assert is_in(elsewhere) is opens
    assert client.post("/en/account/second-factor/app/remove/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"account.second_factor_added", "account.second_factor_removed"} <= verbs


def test_changing_the_factor_takes_the_password_again(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    for path in (APP, "/en/account/second-factor/recovery-codes/new/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/reauthenticate/" in answer.url
    wrong = client.post("/en/account/reauthenticate/", {"password": "wrong"})
    assert wrong.status_code == 200
    assert "not your password" in wrong.content.decode()


def test_secrets_are_not_at_rest_in_clear() -> None:
    person = make_person()
    secret = set_up(person)
    kept = json.dumps(Authenticator.objects.get(user=person).data)
    assert secret not in kept
    assert secret.rstrip("=") not in kept


def test_a_lost_key_neither_opens_nor_breaks(client: Client, settings: Any) -> None:
    person = make_person()
    secret = set_up(person)
    first_step(client, person)
    settings.SECRET_KEY = "another key " * 8
    client = Client()
    first_step(client, person)
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 200
    assert not is_in(client)
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests-" + "x" * 50]
    client.post(CODE, {"code": code_of(secret)})
    assert is_in(client)
