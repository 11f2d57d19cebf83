"""An empty installation comes to life, once and again."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Locale, Site

from coalitions.network.models import AuditEntry
from portal.accounts.models import User
from portal.home import demonstration, founding

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_setting_up_twice_is_setting_up_once(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example.org"
    settings.DEMO_MODE = False
    for _ in range(2):
        assert "https://portal.example.org" in printed("setup_portal")
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("portal.example.org", 443, False)
    codes = set(Locale.objects.values_list("language_code", flat=True))
    assert codes == {code for code, _name in settings.LANGUAGES}


def test_the_site_follows_the_address(settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    printed("setup_portal")
    settings.PUBLIC_URL = "http://127.0.0.1:8001"
    printed("setup_portal")
    assert Site.objects.get().port == 8001


def test_an_address_that_is_none_is_named(settings: Any) -> None:
    settings.PUBLIC_URL = "portal.example.org"
    with pytest.raises(CommandError, match="PUBLIC_URL"):
        printed("setup_portal")


def test_an_unprepared_database_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "waiting_migrations", lambda: 3)
    with pytest.raises(CommandError, match="migrate"):
        printed("setup_portal")
    with pytest.raises(CommandError, match="migrate"):
        printed("first_administrator", "first@example.org")


def test_the_first_administrator_sets_a_password(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "http://testserver"
    link = printed("first_administrator", " First@Example.org ").strip().splitlines()[-1]
    user = User.objects.get()
    assert user.email == "first@example.org"
    assert user.is_superuser
    assert not user.has_usable_password()
    assert AuditEntry.objects.filter(verb="accounts.first_administrator").count() == 1

    response = client.get(link, follow=True)
    form_address = response.redirect_chain[-1][0]
    response = client.post(
        form_address, {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert response.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)

    # The link has done its work.
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_there_is_one_first_administrator() -> None:
    printed("first_administrator", "first@example.org")
    with pytest.raises(CommandError, match="administrator already"):
        printed("first_administrator", "second@example.org")


@pytest.mark.parametrize("address", ["nobody", "", "a@b", "x" * 400 + "@b.org", "a\x00@b.org"])
def test_an_address_must_be_one(address: str) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        printed("first_administrator", address)
    assert not User.objects.exists()


def test_a_taken_address_is_said() -> None:
    User.objects.create_user("taken@example.org", name="Somebody")
    with pytest.raises(CommandError, match="another address"):
        printed("first_administrator", "Taken@example.org")


def test_the_demonstrations_password_is_kept_for_its_owner(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD", raising=False)
    password = demonstration.kept_password()
    assert demonstration.kept_password() == password
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "a chosen one")
    assert demonstration.kept_password() == "a chosen one"
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD")
    assert demonstration.kept_password() == "a chosen one"


def test_only_an_empty_database_is_filled() -> None:
    assert demonstration.is_wanted()
    User.objects.create_user("real@example.org", name="Somebody real")
    assert not demonstration.is_wanted()
