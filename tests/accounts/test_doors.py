"""Every door of Wagtail and Django leads to ours, and a password alone opens none of them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.accounts.codes import set_up
from tests.worlds import PASSWORD, make_organisation, make_person

pytestmark = pytest.mark.django_db
DOORS = [
    "/admin/login/",
    "/django-admin/login/",
    "/_util/login/",
    "/en/_util/login/",
    "/fr/_util/login/",
    "/en/account/login/",
]
RESETS = [
    "/admin/password_reset/",
    "/admin/password_reset/done/",
    "/admin/password_reset/confirm/MQ/set-password/",
    "/admin/password_reset/complete/",
]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.mark.parametrize("door", DOORS[:-1])
def test_doors_lead_to_ours(client: Client, door: str) -> None:
    answer = client.get(f"{door}?next=/admin/")
    assert answer.status_code == 302
    assert "/account/login/?next=" in answer.url


@pytest.mark.parametrize("door", RESETS)
def test_resets_lead_to_ours(client: Client, door: str) -> None:
    for answer in (client.get(door), client.post(door, {"new_password1": "x"})):
        assert answer.status_code == 302
        assert answer.url.endswith("/account/password/reset/")


@pytest.mark.parametrize("door", DOORS)
def test_a_password_alone_does_not_pass_the_second_factor(client: Client, door: str) -> None:
    person = make_person(make_organisation(), is_staff=True, is_superuser=True)
    set_up(person)
    words = {
        "username": person.email,
        "email": person.email,
        "login": person.email,
        "password": PASSWORD,
        "next": "/admin/",
    }
    client.post(door, words, follow=True)
    assert "_auth_user_id" not in client.session
    assert client.get("/en/account/").status_code == 302
    assert "/account/login/" in client.get("/admin/").url


def test_basic_authentication_is_no_door(client: Client) -> None:
    import base64

    person = make_person(is_superuser=True)
    word = base64.b64encode(f"{person.email}:{PASSWORD}".encode()).decode()
    for path in ("/en/account/", "/admin/"):
        answer = client.get(path, HTTP_AUTHORIZATION=f"Basic {word}")
        assert answer.status_code == 302


def test_no_other_view_signs_anybody_in() -> None:
    """Walk the URLconf: a sign-in view of Django or Wagtail that is reached first is a door."""
    from django.contrib.auth.views import LoginView, PasswordResetConfirmView

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> list[str]:
        found = []
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                found += walk(pattern.url_patterns, here)
                continue
            view = getattr(pattern.callback, "view_class", None)
            if view and issubclass(view, LoginView | PasswordResetConfirmView):
                found.append(here)
        return found

    shadowed = {
        "admin/login/",
        "admin/password_reset/confirm/<uidb64>/<token>/",
        "en/_util/login/",
    }
    assert set(walk(get_resolver().url_patterns, "")) <= shadowed
