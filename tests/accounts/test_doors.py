"""Every door of Wagtail and Django leads to ours, and a password alone opens none of them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.accounts.models import User
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


def test_the_admin_makes_no_accounts_deletes_none_and_sets_no_password(client: Client) -> None:
    root = make_person(is_staff=True, is_superuser=True)
    other = make_person(name="Some Body")
    client.force_login(root)
    listing = client.get("/admin/users/")
    assert listing.status_code == 200
    assert b"/admin/users/new/" not in listing.content
    words = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for path in ("/admin/users/new/", f"/admin/users/delete/{other.pk}/"):
        client.post(path, words)
    client.post(f"/admin/bulk/accounts/user/delete/?id={other.pk}")
    assert set(User.objects.all()) == {root, other}
    page = client.get(f"/admin/users/edit/{other.pk}/")
    assert page.status_code == 200
    assert b'name="password1"' not in page.content
    answer = client.post(
        f"/admin/users/edit/{other.pk}/",
        {"email": other.email, "is_active": "on", "password1": "x" * 20, "password2": "x" * 20},
    )
    assert answer.status_code in (200, 302)
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_no_address_is_changed_in_the_admin(client: Client) -> None:
    """Whoever could would get the link for a new password, and with it the person's sight."""
    other = make_person(email="theirs@example.org")
    client.force_login(make_person(is_superuser=True, is_staff=True))
    address = f"/admin/users/edit/{other.pk}/"
    answer = client.post(address, {"email": "mine@example.org", "is_active": "on"})
    assert answer.status_code == 302
    other.refresh_from_db()
    assert (other.email, other.is_active) == ("theirs@example.org", True)
