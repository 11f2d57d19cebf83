"""Workspaces: each organisation places its own people; coordinators set roles."""

import pytest

from coalitions.access import NotAllowed
from coalitions.network.models import Affiliation, AuditEntry, WorkspaceMembership
from coalitions.network.services import (
    Refused,
    end_workspace_membership,
    open_workspace,
    place_person,
    set_workspace_role,
)
from coalitions.network.viewers import viewer_for
from tests import worlds

pytestmark = pytest.mark.django_db


class House:
    """A coalition of two, an administrator and a member each."""

    def __init__(self) -> None:
        self.lead, self.other = worlds.make_organisation(), worlds.make_organisation()
        self.coalition = worlds.make_coalition(self.lead, self.other)
        self.lead_admin = worlds.make_person(self.lead, "administrator")
        self.lead_member = worlds.make_person(self.lead)
        self.other_admin = worlds.make_person(self.other, "administrator")
        self.other_member = worlds.make_person(self.other)
        self.outsider = worlds.make_person(worlds.make_organisation(), "administrator")


@pytest.fixture
def house():
    return House()


def test_the_leads_administrator_opens_and_coordinates(house):
    workspace = open_workspace(
        house.coalition, name="Roads", need_to_know=True, acting_user=house.lead_admin
    )
    membership = workspace.memberships.get()
    assert (membership.person, membership.role) == (house.lead_admin, "coordinator")
    assert membership.organisation == house.lead
    assert workspace.reference.startswith("W-")
    for person in (house.other_admin, house.lead_member, house.outsider, None):
        with pytest.raises(NotAllowed):
            open_workspace(house.coalition, name="Roads", acting_user=person)


def test_an_organisations_own_is_opened_by_its_editors(house):
    editor = worlds.make_person(house.other, "editor")
    workspace = open_workspace(house.other, name="Files", acting_user=editor)
    assert viewer_for(editor).workspaces == {workspace.uuid}
    for person in (house.other_member, house.lead_admin, None):
        with pytest.raises(NotAllowed):
            open_workspace(house.other, name="Files", acting_user=person)
    for name in ("", "  ", "x" * 300, "a\x00"):
        with pytest.raises(Refused):
            open_workspace(house.other, name=name, acting_user=editor)


def test_each_organisation_places_its_own_people(house):
    workspace = open_workspace(house.coalition, name="Roads", acting_user=house.lead_admin)
    place_person(
        workspace,
        house.other_member,
        organisation=house.other,
        role="contributor",
        acting_user=house.other_admin,
    )
    assert viewer_for(house.other_member).workspaces == {workspace.uuid}
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.object_uuid) == ("workspace.person_placed", workspace.uuid)
    refused = [
        # Not the lead, not a coordinator, nobody else's people.
        (house.other_admin, house.other, house.lead_admin),
        (house.other_admin, house.lead, house.lead_admin),
        (house.lead_member, house.lead, house.other_admin),
        (house.lead_member, house.other, house.other_admin),
        (house.lead_member, house.lead, house.lead_member),
        (house.outsider, house.outsider.affiliations.get().organisation, house.outsider),
        (house.lead_member, house.lead, None),
    ]
    for person, organisation, actor in refused:
        with pytest.raises(NotAllowed):
            place_person(
                workspace, person, organisation=organisation, role="reader", acting_user=actor
            )


def test_former_people_and_suspended_organisations_are_not_placed(house):
    workspace = worlds.make_workspace(house.coalition)
    Affiliation.objects.get(person=house.other_member).end()
    with pytest.raises(NotAllowed):
        place_person(
            workspace,
            house.other_member,
            organisation=house.other,
            role="reader",
            acting_user=house.other_admin,
        )
    worlds.suspend(house.lead)
    with pytest.raises(NotAllowed):
        place_person(
            workspace,
            house.lead_member,
            organisation=house.lead,
            role="reader",
            acting_user=house.lead_admin,
        )


def test_a_coordinator_is_placed_only_where_there_is_none(house):
    workspace = worlds.make_workspace(house.coalition)
    place_person(
        workspace,
        house.other_admin,
        organisation=house.other,
        role="coordinator",
        acting_user=house.other_admin,
    )
    with pytest.raises(Refused, match="coordinator"):
        place_person(
            workspace,
            house.lead_member,
            organisation=house.lead,
            role="coordinator",
            acting_user=house.lead_admin,
        )
    place_person(
        workspace,
        house.other_member,
        organisation=house.other,
        role="coordinator",
        acting_user=house.other_admin,
    )
    with pytest.raises(Refused, match="already"):
        place_person(
            workspace,
            house.other_member,
            organisation=house.other,
            role="reader",
            acting_user=house.other_admin,
        )


def test_a_membership_through_a_suspended_organisation_can_be_renewed_through_another(house):
    workspace = worlds.make_workspace(house.coalition)
    worlds.join(workspace, house.other_member, house.other)
    worlds.suspend(house.other)
    worlds.affiliate(house.other_member, house.lead)
    place_person(
        workspace,
        house.other_member,
        organisation=house.lead,
        role="reader",
        acting_user=house.lead_admin,
    )
    assert (
        WorkspaceMembership.objects.active().get(person=house.other_member).organisation
        == house.lead
    )


def test_coordinators_set_roles(house):
    workspace = open_workspace(house.coalition, name="Roads", acting_user=house.lead_admin)
    membership = worlds.join(workspace, house.other_member, house.other)
    for person in (house.other_admin, house.other_member, house.outsider, None):
        with pytest.raises(NotAllowed):
            set_workspace_role(membership, role="contributor", acting_user=person)
    changed = set_workspace_role(membership, role="contributor", acting_user=house.lead_admin)
    membership.refresh_from_db()
    assert membership.until == changed.since
    assert AuditEntry.objects.latest("pk").acting_organisation == house.lead.uuid
    with pytest.raises(Refused):
        set_workspace_role(membership, role="reader", acting_user=house.lead_admin)
    with pytest.raises(Refused):
        set_workspace_role(changed, role="emperor", acting_user=house.lead_admin)
    # A coordinator whose organisation left coordinates no more.
    house.coalition.memberships.get(organisation=house.lead).end()
    with pytest.raises(NotAllowed):
        set_workspace_role(changed, role="reader", acting_user=house.lead_admin)


@pytest.mark.parametrize("who", ["lead_admin", "other_admin", "other_member"])
def test_coordinator_own_administrator_and_the_person_end_a_membership(house, who):
    workspace = open_workspace(house.coalition, name="Roads", acting_user=house.lead_admin)
    membership = worlds.join(workspace, house.other_member, house.other)
    for person in (house.outsider, house.lead_member, None):
        with pytest.raises(NotAllowed):
            end_workspace_membership(membership, acting_user=person)
    end_workspace_membership(membership, acting_user=getattr(house, who))
    assert not viewer_for(house.other_member).workspaces
    with pytest.raises(Refused):
        end_workspace_membership(membership, acting_user=getattr(house, who))
