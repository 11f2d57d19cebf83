"""A new password: by mail without telling who has an account, and on the account page."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.accounts.models import PasswordResetRequest, User
from portal.accounts.services import password_reset
from tests.worlds import PASSWORD, make_person

pytestmark = pytest.mark.django_db
RESET = "/en/account/password/reset/"
NEW = "an entirely new password"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def ask(client: Client, email: str, capture: Any, language: str = "en") -> Any:
    with capture(execute=True):
        return client.post(f"/{language}/account/password/reset/", {"email": email})


def link_in_mail() -> str:
    return next(word for word in mail.outbox[-1].body.split() if "/key/" in word)


def test_the_link_arrives_and_works_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = make_person(name="Aisha Canary")
    ask(client, person.email, django_capture_on_commit_callbacks)
    (message,) = mail.outbox
    assert message.to == [person.email]
    assert "Aisha" not in message.subject + message.body
    link = link_in_mail()
    assert link.startswith("http://127.0.0.1:8000/en/account/password/reset/key/")
    page = client.get(link, follow=True)
    address = page.request["PATH_INFO"]
    assert "set-password" in address
    weak = client.post(address, {"password1": "short", "password2": "short"})
    assert weak.status_code == 200
    done = client.post(address, {"password1": NEW, "password2": NEW})
    assert done.url == "/en/account/password/reset/key/done/"
    assert client.get(done.url).status_code == 200
    assert "_auth_user_id" not in client.session
    person.refresh_from_db()
    assert person.check_password(NEW)
    again = Client().get(link, follow=True)
    assert "no longer works" in again.content.decode()


def test_known_and_unknown_addresses_are_answered_alike(
    django_capture_on_commit_callbacks: Any, django_assert_num_queries: Any
) -> None:
    known = make_person()
    deactivated = make_person(is_active=False)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seen = set()
    for email in (known.email, "nobody@example.org", deactivated.email):
        client = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post(RESET, {"email": email})
        writes = [q["sql"].split()[0] for q in queries if not q["sql"].startswith("SELECT")]
        page = client.get(answer.url)
        token = str(page.context["csrf_token"])
        seen.add(
            (answer.status_code, answer.url, page.content.decode().replace(token, ""), *writes)
        )
        assert email not in page.content.decode()
    assert len(seen) == 1
    assert PasswordResetRequest.objects.count() == 3
    assert PasswordResetRequest.objects.filter(person__isnull=False).count() == 1


def test_the_request_itself_sends_no_mail(client: Client) -> None:
    person = make_person()
    client.post(RESET, {"email": person.email})
    assert mail.outbox == []


def test_a_lost_nudge_is_swept_up_and_sent_once(client: Client) -> None:
    person = make_person(language="en")
    with patch("portal.accounts.tasks.send_password_reset.delay", side_effect=OSError):
        client.post("/fr/account/password/reset/", {"email": person.email})
    for _sweep in range(2):
        password_reset.send_waiting()
    (message,) = mail.outbox
    assert "/fr/account/password/reset/key/" in message.body


def test_a_mail_server_that_is_down_costs_time_only() -> None:
    person = make_person()
    password_reset.request_reset(person, language="en")
    with patch("portal.accounts.services.password_reset.send_mail", side_effect=OSError):
        password_reset.send_waiting()
    assert mail.outbox == []
    password_reset.send_waiting()
    assert len(mail.outbox) == 1


def test_old_requests_are_forgotten() -> None:
    person = make_person()
    for age in (timedelta(hours=2), timedelta(days=2)):
        PasswordResetRequest.objects.create(
            person=person, language="en", requested=timezone.now() - age
        )
    password_reset.send_waiting()
    assert mail.outbox == []
    assert PasswordResetRequest.objects.count() == 1


def test_the_link_of_somebody_deactivated_is_dead(client: Client) -> None:
    person = make_person()
    password_reset._mail(person, "en")
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "no longer works" in client.get(link_in_mail(), follow=True).content.decode()


@pytest.mark.parametrize(
    "key", ["x-y", "0-set-password", f"{'f' * 32}-abc", "zz-../../", "1-2-3", f"{'9' * 300}-x"]
)
def test_made_up_links_are_dead(client: Client, key: str) -> None:
    answer = client.get(f"/en/account/password/reset/key/{key}/", follow=True)
    assert answer.status_code in (200, 404)


def test_a_forged_host_is_not_in_the_link(
    client: Client, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    person = make_person()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(RESET, {"email": person.email}, HTTP_HOST="evil.example")
    assert "evil.example" not in mail.outbox[0].body


def test_too_many_requests_are_stopped(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    for _attempt in range(5):
        assert client.post(RESET, {"email": "nobody@example.org"}).status_code == 302
    answer = client.post(RESET, {"email": "nobody@example.org"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


def test_changing_it_ends_the_other_sessions(client: Client) -> None:
    person = make_person()
    other = Client()
    for browser in (client, other):
        browser.post(
            "/en/account/login/",
            {"login": person.email, "password": PASSWORD, "next": "/en/account/"},
        )
    page = "/en/account/password/change/"
    assert client.get(page).status_code == 200
    wrong = client.post(page, {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert "not your present password" in wrong.content.decode()
    unequal = client.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "x"})
    assert unequal.status_code == 200
    answer = client.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.url == "/en/account/"
    assert client.get("/en/account/").status_code == 200
    assert other.get("/en/account/").status_code == 302
    assert mail.outbox[-1].subject == "Network Portal: your password was changed"


def test_a_mail_server_that_is_down_does_not_undo_a_changed_password(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    with patch("django.core.mail.EmailMultiAlternatives.send", side_effect=ConnectionRefusedError):
        answer = client.post(
            "/en/account/password/change/",
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
