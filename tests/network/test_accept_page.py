"""The page behind the link: dead links look alike, looking changes nothing."""

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from coalitions.network.invitation_links import SALT, token_for
from coalitions.network.models import Affiliation, AuditEntry, Invitation
from coalitions.network.services import accept_invitation, invite_person, revoke_invitation
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.django_db
GOOD = {"name": "New Colleague", "password": "a long and unusual sentence"}


@pytest.fixture
def organisation():
    organisation = worlds.make_organisation(name="Invented Forum")
    worlds.make_person(organisation, "administrator", email="head@example.org")
    return organisation


def invite(organisation, email="new@example.org"):
    return invite_person(
        organisation,
        email=email,
        role="member",
        acting_user=User.objects.get(email="head@example.org"),
    )


def url(invitation):
    return reverse("network:accept-invitation", args=[token_for(invitation)])


def test_a_new_person_makes_an_account_and_is_signed_in(client, organisation):
    address = url(invite(organisation))
    before = AuditEntry.objects.count()
    page = client.get(address)
    assert page.status_code == 200
    assert "Invented Forum" in page.text
    assert "<title>Invitation" in page.text
    assert AuditEntry.objects.count() == before
    assert page.headers["Cache-Control"].find("no-store") >= 0
    answer = client.post(address, GOOD)
    assert answer.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert client.session["_auth_user_id"] == str(person.pk)
    # Signed in for the next request too, not in the session's rows alone.
    assert client.get(reverse("home:my-work")).status_code == 200
    assert Affiliation.objects.active().filter(person=person).exists()


def test_clumsy_input_keeps_what_was_typed(client, organisation):
    address = url(invite(organisation))
    for bad in (
        {"name": "", "password": "x"},
        {"name": "Kept Name", "password": "short"},
        {"name": "Kept Name", "password": "a" * 300},
        {"name": "Kept\x00Name", "password": GOOD["password"]},
        {"name": "x" * 300, "password": GOOD["password"]},
        {"name": "\u200b\u202e", "password": GOOD["password"]},
        {},
    ):
        page = client.post(address, bad)
        assert page.status_code == 200
        assert "<title>Error:" in page.text
        if bad.get("name") == "Kept Name":
            assert "Kept Name" in page.text
    assert not User.objects.filter(email="new@example.org").exists()


def test_dead_links_are_one_page(client, organisation):
    used = invite(organisation, "used@example.org")
    accept_invitation(token_for(used), acting_user=None, **GOOD)
    revoked = invite(organisation, "b@example.org")
    revoke_invitation(revoked, acting_user=revoked.invited_by)
    expired = invite(organisation, "c@example.org")
    Invitation.objects.filter(pk=expired.pk).update(expires=timezone.now())
    tokens = [
        *(token_for(each) for each in (used, revoked, expired)),
        "nonsense",
        signing.dumps("x", salt=SALT),
        "é" * 500,
    ]
    bodies = set()
    for token in tokens:
        address = reverse("network:accept-invitation", args=[token])
        for answer in (client.get(address), client.post(address, GOOD)):
            assert answer.status_code == 404
            bodies.add(_without_path(answer, address))
    assert len(bodies) == 1
    assert not User.objects.filter(email="b@example.org").exists()


def _without_path(answer, address):
    text = answer.text
    for code in ("en", "nl", "fr", "es", "ar"):
        text = text.replace(address.replace("/en/", f"/{code}/", 1), "ADDRESS")
    return "\n".join(
        line for line in text.splitlines() if "csrf" not in line and "ADDRESS" not in line
    )


def test_an_account_signs_in_first(client, organisation):
    person = worlds.make_person(email="known@example.org")
    address = url(invite(organisation, "known@example.org"))
    page = client.get(address)
    assert f"next={address}" in page.text
    assert 'name="password"' not in page.text
    client.post(address, GOOD)
    assert not Affiliation.objects.filter(person=person).exists()
    client.force_login(person)
    assert "Accept the invitation" in client.get(address).text
    assert client.post(address).status_code == 302
    assert Affiliation.objects.active().filter(person=person).exists()
    assert client.get(address).status_code == 404


def test_somebody_else_is_asked_to_sign_out(client, organisation):
    client.force_login(worlds.make_person(email="other@example.org"))
    worlds.make_person(email="known@example.org")
    for email in ("new@example.org", "known@example.org"):
        address = url(invite(organisation, email))
        assert "other@example.org" in client.get(address).text
        client.post(address, GOOD)
    assert not User.objects.filter(email="new@example.org").exists()
    assert Affiliation.objects.count() == 1
