"""Tokens: kept as hashes, shown once, refused alike, made and revoked by administrators alone."""

from datetime import date, timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry
from portal.api.models import ApiToken
from portal.api.services.tokens import create_token, revoke_token
from tests.api.asking import ask, bearer, token_for
from tests.worlds import affiliate, make_organisation, make_person, suspend

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {"name": "our website", "scopes": ["read:network"], "days": 30}


def test_the_key_is_long_recognisable_and_not_kept() -> None:
    organisation = make_organisation()
    token, key = create_token(organisation, acting_user=None, as_system=True, **FACTS)
    assert key.startswith("npt_")
    assert len(key) == 4 + 43
    token.refresh_from_db()
    kept = " ".join(str(value) for value in vars(token).values())
    assert key not in kept
    assert key[4:] not in kept
    assert token.hint == key[-4:]
    audited = AuditEntry.objects.get(verb="token.created")
    assert key not in str(audited.details)
    assert "our website" not in str(audited.details)


def test_refused_tokens_are_refused_alike() -> None:
    organisation = make_organisation()
    _usable, usable = token_for(organisation, "read:network")
    expired, old = token_for(organisation)
    ApiToken.objects.filter(pk=expired.pk).update(expires=timezone.now() - timedelta(seconds=1))
    revoked, ended = token_for(organisation)
    revoke_token(revoked, acting_user=None, as_system=True)
    key = usable["Authorization"].split()[1]
    refused = [
        old,
        ended,
        bearer("npt_" + "A" * 43),
        bearer(key[:-1]),
        bearer(key.upper()),
        bearer(key[4:]),
        bearer(""),
        bearer("x" * 5000),
        {"Authorization": key},
        {"Authorization": f"Bearer {key} {key}"},
        {"Authorization": f"Token {key}"},
        {"Authorization": f"Basic {key}"},
        {"Authorization": ""},
        {"Authorization": "Bearer \xe9\xff"},
    ]
    assert ask("documents/", usable).status_code == 200
    for path in ("documents/", "organisations/", "", "no/such/address/"):
        answers = {(a.status_code, a.content) for a in (ask(path, headers) for headers in refused)}
        assert len(answers) == 1, path
    answer = ask("documents/", old)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_revoking_holds_on_the_next_request() -> None:
    token, headers = token_for(make_organisation())
    assert ask("documents/", headers).status_code == 200
    revoke_token(token, acting_user=None, as_system=True)
    assert ask("documents/", headers).status_code == 401


def test_a_replaced_secret_key_ends_tokens_unless_it_is_kept_as_fallback(settings: Any) -> None:
    _token, headers = token_for(make_organisation())
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another " * 10
    assert ask("documents/", headers).status_code == 401
    settings.SECRET_KEY_FALLBACKS = [old]
    assert ask("documents/", headers).status_code == 200


def test_only_administrators_of_the_organisation_make_and_revoke() -> None:
    organisation, other = make_organisation(), make_organisation()
    administrator = make_person(organisation, "administrator")
    token, _key = create_token(organisation, acting_user=administrator, **FACTS)
    assert token.created_by == administrator
    ended = make_person()
    affiliate(ended, organisation, "administrator", until=timezone.now())
    strangers = [
        make_person(organisation, "editor"),
        make_person(organisation, "member"),
        make_person(other, "administrator"),
        make_person(is_superuser=True, is_staff=True),
        make_person(organisation, "administrator", is_active=False),
        ended,
    ]
    for person in strangers:
        with pytest.raises(NotAllowed):
            create_token(organisation, acting_user=person, **FACTS)
        with pytest.raises(NotAllowed):
            revoke_token(token, acting_user=person)
    assert ApiToken.objects.count() == 1
    suspend(organisation)
    with pytest.raises(NotAllowed):
        create_token(organisation, acting_user=administrator, **FACTS)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 300},
        {"name": "a\x00"},
        {"scopes": ["read:everything"]},
        {"scopes": ["write:network"]},
        {"days": 0},
        {"days": -1},
        {"days": 731},
        {"days": 10**12},
    ],
)
def test_what_makes_no_token_is_refused_in_words(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        create_token(make_organisation(), acting_user=None, as_system=True, **{**FACTS, **change})
    assert not ApiToken.objects.exists()


def test_a_name_is_used_by_one_usable_token_at_a_time() -> None:
    organisation = make_organisation()
    token, _key = create_token(organisation, acting_user=None, as_system=True, **FACTS)
    with pytest.raises(ValidationError):
        create_token(organisation, acting_user=None, as_system=True, **FACTS)
    revoke_token(token, acting_user=None, as_system=True)
    create_token(organisation, acting_user=None, as_system=True, **FACTS)


def test_the_day_of_use_is_kept_and_no_more() -> None:
    token, headers = token_for(make_organisation())
    ask("documents/", headers)
    token.refresh_from_db()
    assert token.last_used == timezone.now().date()
    ApiToken.objects.filter(pk=token.pk).update(last_used=date(2020, 1, 1))
    update = "portal.api.models.api_token.ApiTokenQuerySet.update"
    with patch(update, side_effect=OperationalError):
        assert ask("documents/", headers).status_code == 200
    ask("documents/", headers)
    token.refresh_from_db()
    assert token.last_used == timezone.now().date()


def test_the_command_prints_the_key_alone() -> None:
    organisation = make_organisation(slug="sunrise")
    out, err = StringIO(), StringIO()
    call_command(
        "api_token",
        "create",
        "--organisation",
        "sunrise",
        "--scope",
        "read:network",
        "--days",
        "365",
        stdout=out,
        stderr=err,
    )
    key = out.getvalue().strip()
    assert ask("documents/", bearer(key)).status_code == 200
    token = ApiToken.objects.get(organisation=organisation)
    assert token.scopes == ["read:network"]
    listing = StringIO()
    call_command("api_token", "list", "--organisation", "sunrise", stdout=listing)
    assert str(token.uuid) in listing.getvalue()
    assert key not in listing.getvalue()
    call_command("api_token", "revoke", str(token.uuid), stderr=err)
    assert ask("documents/", bearer(key)).status_code == 401


@pytest.mark.parametrize(
    "words",
    [
        ["create", "--organisation", "none-such", "--days", "30"],
        ["create", "--organisation", "sunrise", "--days", "0"],
        ["create", "--organisation", "sunrise", "--days", "30", "--scope", "read:all"],
        ["list", "--organisation", "none-such"],
        ["revoke", "no-uuid"],
        ["revoke", "00000000-0000-4000-8000-000000000000"],
    ],
)
def test_the_command_says_in_a_line_what_is_wrong(words: list[str]) -> None:
    make_organisation(slug="sunrise")
    with pytest.raises(CommandError):
        call_command("api_token", *words)


class TestPages:
    """The pages of an organisation's tokens."""

    def test_make_list_and_revoke(self, client: Client) -> None:
        organisation = make_organisation()
        client.force_login(make_person(organisation, "administrator"))
        address = f"/en/organisations/{organisation.slug}/tokens/"
        assert "There is no token yet" in client.get(address).content.decode()
        data = {"name": "Our <b>website</b>", "scopes": ["read:network"], "days": "90"}
        made = client.post(address, data)
        key = made.context["key"]
        assert made.status_code == 200
        assert key in made.content.decode()
        assert made.headers["Cache-Control"] == "private, no-store"
        assert "<b>website" not in made.content.decode()
        listed = client.get(address).content.decode()
        assert key not in listed
        assert key[-4:] in listed
        again = client.post(address, data)
        assert "There is a token with this name" in again.content.decode()
        token = ApiToken.objects.get()
        confirm = f"{address}{token.uuid}/revoke/"
        assert client.get(confirm).status_code == 200
        assert ask("documents/", bearer(key)).status_code == 200
        assert client.post(confirm).url == address
        assert ask("documents/", bearer(key)).status_code == 401
        assert "Revoked" in client.get(address).content.decode()

    def test_who_is_no_administrator_gets_the_missing_page(self, client: Client) -> None:
        organisation, other = make_organisation(), make_organisation()
        token, _headers = token_for(organisation)
        people = [
            make_person(organisation, "editor"),
            make_person(other, "administrator"),
            make_person(is_superuser=True, is_staff=True),
        ]
        for person in people:
            client.force_login(person)
            for path in ("tokens/", f"tokens/{token.uuid}/revoke/"):
                address = f"/en/organisations/{organisation.slug}/{path}"
                assert client.get(address).status_code == 404
                assert client.post(address, {"name": "x", "days": "30"}).status_code == 404
        assert ApiToken.objects.get().revoked is None
        client.logout()
        assert client.get(f"/en/organisations/{organisation.slug}/tokens/").status_code == 404

    def test_another_organisations_token_is_not_revoked_here(self, client: Client) -> None:
        mine, theirs = make_organisation(), make_organisation()
        token, _headers = token_for(theirs)
        client.force_login(make_person(mine, "administrator"))
        address = f"/en/organisations/{mine.slug}/tokens/{token.uuid}/revoke/"
        assert client.post(address).status_code == 404
        token.refresh_from_db()
        assert token.revoked is None

    def test_partners_are_not_offered_the_network(self, client: Client) -> None:
        organisation = make_organisation(kind="partner")
        client.force_login(make_person(organisation, "administrator"))
        address = f"/en/organisations/{organisation.slug}/tokens/"
        assert "read:network" not in client.get(address).content.decode()
        answer = client.post(address, {"name": "x", "scopes": ["read:network"], "days": "30"})
        assert answer.context["form"].errors

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"name": "x" * 300, "days": "30"},
            {"name": "x", "days": "9999"},
            {"name": "x", "days": "nonsense"},
            {"name": "a\x00b", "days": "30"},
            {"name": "x", "scopes": "read:everything", "days": "30"},
        ],
    )
    def test_bad_input_is_answered_in_words(self, client: Client, data: dict[str, str]) -> None:
        organisation = make_organisation()
        client.force_login(make_person(organisation, "administrator"))
        answer = client.post(f"/en/organisations/{organisation.slug}/tokens/", data)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not ApiToken.objects.exists()
