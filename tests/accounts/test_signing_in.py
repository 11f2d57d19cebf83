"""Signing in and out: by address, told nothing by a refusal, in one's own language."""

from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.accounts.models import User
from tests.worlds import PASSWORD, make_organisation, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/en/account/login/"
AFTER = "/en/account/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, "next": AFTER, **more})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_address_and_password_open(client: Client) -> None:
    person = make_person(make_organisation())
    answer = sign_in(client, person.email.upper())
    assert answer.status_code == 302
    assert answer.url == AFTER
    assert signed_in(client)
    assert client.get(AFTER).headers["Cache-Control"] == "private, no-store"


def test_remember_starts_unticked_and_decides_how_long(client: Client) -> None:
    person = make_person()
    assert "checked" not in client.get(LOGIN).content.decode()
    sign_in(client, person.email)
    assert client.session.get_expire_at_browser_close()
    other = Client()
    sign_in(other, person.email, remember="on")
    assert not other.session.get_expire_at_browser_close()


def test_refusals_are_alike(client: Client) -> None:
    known = make_person()
    deactivated = make_person(is_active=False)
    cases = [
        (known.email, "wrong password"),
        ("nobody@example.org", PASSWORD),
        (deactivated.email, PASSWORD),
        (deactivated.email, "wrong password"),
    ]
    bodies = set()
    for email, password in cases:
        answer = sign_in(Client(), email, password)
        assert answer.status_code == 200
        body = answer.content.decode().replace(email, "ADDRESS")
        token = answer.context["csrf_token"]
        bodies.add(body.replace(str(token), "TOKEN"))
        assert "do not fit together" in body
    assert len(bodies) == 1


def test_every_refusal_hashes_once() -> None:
    known = make_person()
    for email in (known.email, "nobody@example.org"):
        with patch(
            "django.contrib.auth.hashers.MD5PasswordHasher.encode", return_value="md5$x$y"
        ) as encode:
            sign_in(Client(), email, "wrong password")
        assert encode.call_count == 1, email


@pytest.mark.parametrize(
    "login",
    ["", "x" * 300, "a\x00b@example.org", "\udcff@example.org", "no address", "' OR 1=1 --"],
)
def test_odd_input_is_answered_in_words(client: Client, login: str) -> None:
    data = {"login": login.encode("utf-8", "surrogatepass"), "password": "x" * 5000}
    answer = client.post(LOGIN, data)
    assert answer.status_code == 200
    assert not signed_in(client)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_next_leads_nowhere_else(client: Client, target: str) -> None:
    with patch(
        "portal.accounts.adapters.AccountAdapter.get_login_redirect_url", return_value=AFTER
    ):
        answer = client.post(
            LOGIN, {"login": make_person().email, "password": PASSWORD, "next": target}
        )
    assert answer.url == AFTER


def test_ones_own_language_after_signing_in(client: Client) -> None:
    person = make_person(language="fr")
    answer = sign_in(client, person.email)
    assert answer.url == "/fr/account/"
    assert client.cookies["django_language"].value == "fr"


def test_my_work_comes_after_signing_in(client: Client) -> None:
    person = make_person(language="es")
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert answer.url == "/es/my/"


def test_who_never_had_a_password_gets_one_by_mail(client: Client) -> None:
    person = make_person()
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    answer = client.get("/en/account/password/change/")
    assert answer.url == "/en/account/password/reset/"


def test_signing_out_takes_a_post(client: Client) -> None:
    client.force_login(make_person())
    assert client.get("/en/account/logout/").status_code == 200
    assert signed_in(client)
    answer = client.post("/en/account/logout/")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert not signed_in(client)


def test_signing_out_needs_the_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person())
    assert client.post("/en/account/logout/").status_code == 403
    assert signed_in(client)


def test_nobody_signs_up(client: Client) -> None:
    missing = client.get("/en/account/no-such-page/")
    for method in ("get", "post"):
        answer = getattr(client, method)("/en/account/signup/")
        assert answer.status_code == 404
    assert missing.status_code == 404
    for path in ("email/", "confirm-email/x/", "password/set/", "inactive/", "login/code/"):
        assert client.get(f"/en/account/{path}").status_code == 404, path
    assert User.objects.count() == 0


def test_a_deactivated_person_is_a_stranger_at_the_next_request(client: Client) -> None:
    person = make_person(make_organisation())
    client.force_login(person)
    assert client.get(AFTER).status_code == 200
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = client.get(AFTER)
    assert answer.status_code == 302
    assert answer.url.startswith(LOGIN)


def test_too_many_tries_are_stopped_and_said(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    person = make_person()
    for _attempt in range(5):
        assert "do not fit together" in sign_in(client, person.email, "wrong").content.decode()
    answer = sign_in(client, person.email)
    assert "Too many tries" in answer.content.decode()
    assert not signed_in(client)
    # Another address, from another place, is not locked out with it.
    other = make_person()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere, other.email)
    assert signed_in(elsewhere)


def test_a_rotating_forwarded_header_is_no_way_round(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/m/ip"}
    for number in range(5):
        sign_in(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}"), f"{number}@example.org")
    person = make_person()
    answer = sign_in(Client(HTTP_X_FORWARDED_FOR="198.51.100.99"), person.email)
    assert "Too many tries" in answer.content.decode()


def test_a_strange_forwarded_header_is_no_error(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    person = make_person()
    for header in ("203.0.113.1", "no address", "203.0.113.1, nonsense, more", "\x01, \x02"):
        client = Client(HTTP_X_FORWARDED_FOR=header)
        sign_in(client, person.email)
        assert signed_in(client), header


def test_without_its_cache_signing_in_waits_in_words(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    person = make_person()
    with patch.object(cache, "add", side_effect=RedisConnectionError):
        answer = sign_in(client, person.email)
        assert client.get(LOGIN).status_code == 200
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "not possible just now" in answer.content.decode()
    assert not signed_in(client)


def test_signed_in_people_do_not_see_the_door_again(client: Client) -> None:
    client.force_login(make_person())
    answer = client.get(f"{LOGIN}?next={AFTER}")
    assert answer.status_code == 302
    assert answer.url == reverse("accounts:account")
