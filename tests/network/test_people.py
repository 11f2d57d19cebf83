"""People in organisations: who may add, change and end them, and what never happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.network.models import Affiliation, AuditEntry, WorkspaceMembership
from coalitions.network.services import Refused, add_affiliation, change_role, end_affiliation
from coalitions.network.signals import access_changed
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    organisation = worlds.make_organisation()
    administrator = worlds.make_person(organisation, "administrator")
    member = worlds.make_person(organisation)
    return organisation, administrator, member


def affiliation_of(person):
    return Affiliation.objects.in_force().get(person=person)


def test_a_changed_role_is_a_new_row_beginning_when_the_old_one_ends(house):
    organisation, administrator, member = house
    before = affiliation_of(member)
    after = change_role(before, role="editor", acting_user=administrator)
    before.refresh_from_db()
    assert (before.role, before.until) == ("member", after.since)
    assert after.role == "editor"
    assert Affiliation.objects.in_force().filter(person=member).count() == 1
    entry = AuditEntry.objects.latest("pk")
    assert entry.verb == "affiliation.role_changed"
    assert entry.actor == administrator.uuid
    assert entry.acting_organisation == organisation.uuid
    assert entry.object_uuid == after.uuid
    assert entry.details == {"person": str(member.uuid), "before": "member", "role": "editor"}


@pytest.mark.parametrize("role", ["member", "editor"])
def test_only_administrators_change_roles(house, role):
    organisation, _administrator, member = house
    other = worlds.make_person(organisation, role)
    with pytest.raises(NotAllowed):
        change_role(affiliation_of(member), role="editor", acting_user=other)
    with pytest.raises(NotAllowed):
        end_affiliation(affiliation_of(member), acting_user=other)
    assert not AuditEntry.objects.exists()


def test_another_organisations_administrator_staff_and_nobody_are_refused(house):
    _organisation, _administrator, member = house
    elsewhere = worlds.make_person(worlds.make_organisation(), "administrator")
    root = worlds.make_person(None, is_superuser=True, is_staff=True)
    for person in (elsewhere, root, None):
        with pytest.raises(NotAllowed):
            change_role(affiliation_of(member), role="editor", acting_user=person)
        with pytest.raises(NotAllowed):
            end_affiliation(affiliation_of(member), acting_user=person)


def test_an_administrator_whose_right_was_taken_away_is_refused(house):
    organisation, administrator, member = house
    ended = worlds.make_person()
    worlds.affiliate(
        ended, organisation, "administrator", until=timezone.now() - timedelta(hours=1)
    )
    deactivated = worlds.make_person(organisation, "administrator")
    User.objects.filter(pk=deactivated.pk).update(is_active=False)
    for person in (ended, deactivated):
        with pytest.raises(NotAllowed):
            end_affiliation(affiliation_of(member), acting_user=person)
    worlds.suspend(organisation)
    with pytest.raises(NotAllowed):
        end_affiliation(affiliation_of(member), acting_user=administrator)


def test_ending_takes_sight_and_workspaces_away_at_once(house):
    organisation, administrator, member = house
    workspace = worlds.make_workspace(organisation)
    membership = worlds.join(workspace, member, organisation)
    told = []
    access_changed.connect(lambda **kw: told.append(kw["people"]), weak=False, dispatch_uid="t")
    try:
        ended = end_affiliation(affiliation_of(member), acting_user=administrator)
    finally:
        access_changed.disconnect(dispatch_uid="t")
    membership.refresh_from_db()
    assert membership.until == ended.until
    assert told == [[member]]
    assert viewer_for(member).labels == {"public", f"user:{member.uuid}"}


def test_coming_back_does_not_revive_workspaces(house):
    organisation, _administrator, member = house
    workspace = worlds.make_workspace(organisation)
    worlds.join(workspace, member, organisation)
    affiliation = affiliation_of(member)
    # Ran out by itself: nobody ended the membership.
    Affiliation.objects.filter(pk=affiliation.pk).update(until=timezone.now() - timedelta(days=1))
    add_affiliation(organisation, member, role="member", acting_user=None, as_system=True)
    assert not WorkspaceMembership.objects.active().filter(person=member).exists()
    assert not viewer_for(member).workspaces


def test_an_end_in_the_future_ends_the_workspaces_then(house):
    organisation, administrator, member = house
    workspace = worlds.make_workspace(organisation)
    membership = worlds.join(workspace, member, organisation)
    later = timezone.now() + timedelta(days=10)
    end_affiliation(affiliation_of(member), acting_user=administrator, until=later)
    membership.refresh_from_db()
    assert membership.until == later
    assert viewer_for(member).workspaces == {workspace.uuid}
    assert not viewer_for(member, at=later).workspaces


def test_an_end_in_the_past_is_refused(house):
    _organisation, administrator, member = house
    with pytest.raises(Refused):
        end_affiliation(
            affiliation_of(member),
            acting_user=administrator,
            until=timezone.now() - timedelta(days=1),
        )


def test_the_last_administrator_stays(house):
    organisation, administrator, _member = house
    own = affiliation_of(administrator)
    with pytest.raises(Refused, match="only administrator"):
        end_affiliation(own, acting_user=administrator)
    with pytest.raises(Refused, match="only administrator"):
        change_role(own, role="member", acting_user=administrator)
    # One who leaves next week, or was deactivated, is no successor.
    worlds.affiliate(
        worlds.make_person(),
        organisation,
        "administrator",
        until=timezone.now() + timedelta(days=7),
    )
    worlds.make_person(organisation, "administrator", is_active=False)
    with pytest.raises(Refused):
        end_affiliation(own, acting_user=administrator)
    worlds.make_person(organisation, "administrator")
    end_affiliation(own, acting_user=administrator)
    assert not viewer_for(administrator).organisations


def test_adding_people_needs_to_see_them(house):
    organisation, administrator, _member = house
    stranger = worlds.make_person(worlds.make_organisation())
    with pytest.raises(NotAllowed):
        add_affiliation(organisation, stranger, role="member", acting_user=administrator)
    other = worlds.make_organisation()
    companion = worlds.make_person(other)
    workspace = worlds.make_workspace(worlds.make_coalition(organisation, other))
    worlds.join(workspace, administrator, organisation)
    worlds.join(workspace, companion, other)
    add_affiliation(organisation, companion, role="member", acting_user=administrator)
    assert organisation.uuid in viewer_for(companion).organisations


def test_clumsy_inputs_are_answered_in_words(house):
    organisation, administrator, member = house
    own = affiliation_of(member)
    with pytest.raises(Refused):
        change_role(own, role="king\x00", acting_user=administrator)
    with pytest.raises(Refused):
        add_affiliation(organisation, member, role="member", acting_user=administrator)
    with pytest.raises(Refused):
        add_affiliation(
            organisation,
            member,
            role="member",
            acting_user=administrator,
            since=timezone.now() - timedelta(days=3),
        )
    end_affiliation(own, acting_user=administrator)
    with pytest.raises(Refused):
        change_role(own, role="editor", acting_user=administrator)


def test_system_acts_are_recorded_without_an_actor(house):
    organisation, _administrator, _member = house
    person = worlds.make_person()
    add_affiliation(
        organisation,
        person,
        role="member",
        acting_user=None,
        as_system=True,
        since=timezone.now() - timedelta(days=400),
    )
    assert AuditEntry.objects.latest("pk").actor is None
