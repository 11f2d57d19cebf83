"""Invitations: one link, one use, for one address, and nothing before it is accepted."""

from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.network.invitation_links import SALT, token_for
from coalitions.network.models import Affiliation, AuditEntry, Invitation, WorkspaceMembership
from coalitions.network.services import (
    DeadInvitation,
    Refused,
    accept_invitation,
    end_affiliation,
    invite_person,
    revoke_invitation,
)
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.django_db
GOOD = {"name": "New Colleague", "password": "a long and unusual sentence"}


@pytest.fixture
def house():
    organisation = worlds.make_organisation()
    return organisation, worlds.make_person(organisation, "administrator")


def invite(house, email="new@example.org", **fields):
    organisation, administrator = house
    fields.setdefault("role", "member")
    return invite_person(organisation, email=email, acting_user=administrator, **fields)


def test_accepting_makes_the_account_and_the_affiliation(house):
    organisation, administrator = house
    invitation = invite(house, email=" New@Example.org ", language="fr", role="editor")
    assert not User.objects.filter(email="new@example.org").exists()
    person = accept_invitation(token_for(invitation), acting_user=None, **GOOD)
    assert (person.email, person.name, person.language) == ("new@example.org", GOOD["name"], "fr")
    assert person.check_password(GOOD["password"])
    assert Affiliation.objects.active().get(person=person).role == "editor"
    verbs = list(AuditEntry.objects.values_list("verb", "actor"))
    assert verbs == [
        ("invitation.sent", administrator.uuid),
        ("invitation.accepted", person.uuid),
    ]
    assert organisation.uuid in viewer_for(person).organisations


def test_a_link_works_once(house):
    token = token_for(invite(house))
    person = accept_invitation(token, acting_user=None, **GOOD)
    with pytest.raises(DeadInvitation):
        accept_invitation(token, acting_user=person)
    with pytest.raises(DeadInvitation):
        accept_invitation(token, acting_user=None, **GOOD)
    assert Affiliation.objects.filter(person=person).count() == 1


def test_an_ended_person_does_not_come_back_by_the_old_link(house):
    _organisation, administrator = house
    token = token_for(invite(house))
    person = accept_invitation(token, acting_user=None, **GOOD)
    end_affiliation(Affiliation.objects.get(person=person), acting_user=administrator)
    with pytest.raises(DeadInvitation):
        accept_invitation(token, acting_user=person)


def test_dead_links_are_all_alike(house):
    _organisation, administrator = house
    revoked = invite(house, email="a@example.org")
    revoke_invitation(revoked, acting_user=administrator)
    expired = invite(house, email="b@example.org")
    Invitation.objects.filter(pk=expired.pk).update(expires=timezone.now())
    forged = token_for(invite(house, email="c@example.org"))[:-2] + "xx"
    other_salt = signing.dumps(invite(house, email="d@example.org").uuid.hex, salt="other")
    unknown = signing.dumps("0" * 32, salt=SALT)
    odd = signing.dumps({"uuid": 1}, salt=SALT)
    messages = set()
    for token in (
        token_for(revoked),
        token_for(expired),
        forged,
        other_salt,
        unknown,
        odd,
        "",
        "é",
    ):
        with pytest.raises(DeadInvitation) as refusal:
            accept_invitation(token, acting_user=None, **GOOD)
        messages.add(refusal.value.messages[0])
    assert len(messages) == 1
    assert User.objects.count() == 1


def test_a_link_of_somebody_without_the_right_any_more_is_dead(house):
    organisation, administrator = house
    token = token_for(invite(house))
    worlds.make_person(organisation, "administrator")
    suspension = worlds.suspend(organisation)
    with pytest.raises(DeadInvitation):
        accept_invitation(token, acting_user=None, **GOOD)
    suspension.end()
    end_affiliation(Affiliation.objects.get(person=administrator), acting_user=administrator)
    with pytest.raises(DeadInvitation):
        accept_invitation(token, acting_user=None, **GOOD)


def test_an_account_accepts_only_as_itself(house):
    person = worlds.make_person(email="known@example.org")
    other = worlds.make_person()
    token = token_for(invite(house, email="KNOWN@example.org"))
    with pytest.raises(NotAllowed):
        accept_invitation(token, acting_user=other)
    with pytest.raises(Refused, match="Sign in"):
        accept_invitation(token, acting_user=None, **GOOD)
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        accept_invitation(token, acting_user=person)
    User.objects.filter(pk=person.pk).update(is_active=True)
    accept_invitation(token, acting_user=person)
    assert Affiliation.objects.active().filter(person=person).exists()
    assert person.check_password(worlds.PASSWORD)


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 300}, {"name": "a\x00b"}])
def test_clumsy_names_leave_the_link_alive(house, fields):
    token = token_for(invite(house))
    with pytest.raises(ValidationError):
        accept_invitation(token, acting_user=None, **{**GOOD, **fields})
    with pytest.raises(ValidationError):
        accept_invitation(token, acting_user=None, **{**GOOD, "password": "short"})
    assert accept_invitation(token, acting_user=None, **GOOD)


def test_only_administrators_invite(house):
    organisation, _administrator = house
    strangers = [
        worlds.make_person(organisation, "editor"),
        worlds.make_person(worlds.make_organisation(), "administrator"),
        worlds.make_person(is_superuser=True),
        None,
    ]
    for person in strangers:
        with pytest.raises(NotAllowed):
            invite_person(organisation, email="x@example.org", role="member", acting_user=person)
    invitation = invite(house)
    for person in strangers:
        with pytest.raises(NotAllowed):
            revoke_invitation(invitation, acting_user=person)


def test_a_secretariat_invites_the_first_administrator_and_no_more():
    keeper = worlds.make_person(worlds.make_organisation(kind="secretariat"), "administrator")
    organisation = worlds.make_organisation()
    invitation = invite_person(
        organisation, email="first@example.org", role="administrator", acting_user=keeper
    )
    accept_invitation(token_for(invitation), acting_user=None, **GOOD)
    with pytest.raises(NotAllowed):
        invite_person(organisation, email="b@example.org", role="member", acting_user=keeper)


def test_inviting_again_leaves_one_link_that_works(house):
    first = invite(house)
    second = invite(house)
    with pytest.raises(DeadInvitation):
        accept_invitation(token_for(first), acting_user=None, **GOOD)
    assert accept_invitation(token_for(second), acting_user=None, **GOOD)
    with pytest.raises(Refused, match="already"):
        invite(house)


def test_an_invitation_can_place_in_a_workspace(house):
    organisation, _administrator = house
    workspace = worlds.make_workspace(
        worlds.make_coalition(worlds.make_organisation(), organisation)
    )
    invitation = invite(house, workspace=workspace, workspace_role="contributor")
    person = accept_invitation(token_for(invitation), acting_user=None, **GOOD)
    membership = WorkspaceMembership.objects.active().get(person=person)
    assert (membership.role, membership.organisation) == ("contributor", organisation)


def test_a_workspace_of_others_is_refused_and_a_left_one_is_skipped(house):
    organisation, _administrator = house
    elsewhere = worlds.make_workspace(worlds.make_organisation())
    with pytest.raises(NotAllowed):
        invite(house, workspace=elsewhere, workspace_role="reader")
    coalition = worlds.make_coalition(worlds.make_organisation(), organisation)
    workspace = worlds.make_workspace(coalition)
    with pytest.raises(Refused):
        invite(house, workspace=workspace, workspace_role="coordinator")
    invitation = invite(house, workspace=workspace, workspace_role="reader")
    coalition.memberships.get(organisation=organisation).end()
    person = accept_invitation(token_for(invitation), acting_user=None, **GOOD)
    assert not WorkspaceMembership.objects.filter(person=person).exists()
    assert Affiliation.objects.active().filter(person=person).exists()


@pytest.mark.parametrize(
    "email",
    ["", "no address", "a@b", "x" * 300 + "@example.org", "a\x00@example.org", "a@\ud800.org"],
)
def test_clumsy_addresses(house, email):
    with pytest.raises(Refused):
        invite(house, email=email)
    assert not Invitation.objects.exists()


def test_an_accepted_invitation_cannot_be_revoked(house):
    _organisation, administrator = house
    invitation = invite(house)
    accept_invitation(token_for(invitation), acting_user=None, **GOOD)
    with pytest.raises(Refused):
        revoke_invitation(invitation, acting_user=administrator)


def test_times_are_kept(house):
    invitation = invite(house)
    assert invitation.expires - invitation.created == timedelta(days=14)
