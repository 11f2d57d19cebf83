"""Coalitions and organisations: who keeps the list, who leads, what leaving takes away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.network.models import AuditEntry, CoalitionMembership
from coalitions.network.services import (
    Refused,
    add_organisation_to_coalition,
    change_coalition,
    change_organisation,
    create_organisation,
    end_coalition_membership,
    found_coalition,
    hand_over_lead,
    lift_suspension,
    suspend_organisation,
)
from coalitions.network.signals import organisation_changed
from coalitions.network.viewers import viewer_for
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def alliance():
    lead, member = worlds.make_organisation(), worlds.make_organisation()
    coalition = worlds.make_coalition(lead, member)
    return (
        coalition,
        (lead, worlds.make_person(lead, "administrator")),
        (member, worlds.make_person(member, "administrator")),
    )


@pytest.fixture
def keeper():
    secretariat = worlds.make_organisation(kind="secretariat")
    return worlds.make_person(secretariat, "administrator")


def test_a_secretariat_enters_an_organisation(keeper):
    heard = []
    organisation_changed.connect(lambda **kw: heard.append(kw), weak=False, dispatch_uid="t")
    try:
        organisation = create_organisation(
            names={"en": "  Kinder  und  Rechte "},
            kind="ecpat_member",
            countries=["nl", "BE"],
            languages=["NL", "nl"],
            website="https://example.org",
            acting_user=keeper,
        )
    finally:
        organisation_changed.disconnect(dispatch_uid="t")
    assert organisation.names == {"en": "Kinder und Rechte"}
    assert organisation.slug == "kinder-und-rechte"
    assert organisation.networks == ("ecpat",)
    assert organisation.languages == ["nl"]
    assert {c.code for c in organisation.countries.all()} == {"NL", "BE"}
    assert [h["organisation"] for h in heard] == [organisation]
    assert AuditEntry.objects.get().verb == "organisation.created"


def test_nobody_else_enters_or_suspends(keeper, alliance):
    _coalition, (lead, administrator), _ = alliance
    root = worlds.make_person(is_superuser=True)
    for person in (administrator, root, None, worlds.make_person()):
        with pytest.raises(NotAllowed):
            create_organisation(names={"en": "X"}, kind="partner", acting_user=person)
        with pytest.raises(NotAllowed):
            suspend_organisation(lead, acting_user=person)
        with pytest.raises(NotAllowed):
            lift_suspension(lead, acting_user=person)


@pytest.mark.parametrize(
    "fields",
    [
        {"names": {}},
        {"names": {"en": " "}},
        {"names": {"en": "x" * 300}},
        {"names": {"en": "a\x00b"}},
        {"names": {"en": "a\ud800b"}},
        {"names": {"english": "A"}},
        {"kind": "kingdom"},
        {"countries": ["XX", "NL"]},
        {"languages": ["nederlands"]},
        {"website": "javascript:alert(1)"},
        {"website": "https://example.org/" + "x" * 300},
        {"networks": ["rotary"]},
    ],
)
def test_clumsy_facts_are_refused_in_words(keeper, fields):
    given = {"names": {"en": "Name"}, "kind": "partner", **fields}
    with pytest.raises(Refused) as refusal:
        create_organisation(acting_user=keeper, **given)
    assert len(refusal.value.messages[0]) > 20


def test_two_of_the_same_name_get_two_addresses(keeper):
    one, two = (
        create_organisation(names={"en": "New"}, kind="partner", acting_user=keeper)
        for _ in range(2)
    )
    arabic = create_organisation(names={"ar": "منظمة"}, kind="partner", acting_user=keeper)
    assert len({one.slug, two.slug, arabic.slug, "new"}) == 4


def test_own_administrators_change_how_it_is_shown_not_what_it_is(alliance):
    _coalition, (lead, administrator), (_member, other) = alliance
    change_organisation(lead, acting_user=administrator, names={"en": "Other name"}, listed=False)
    lead.refresh_from_db()
    assert (lead.name, lead.listed) == ("Other name", False)
    assert AuditEntry.objects.latest("pk").details == {"fields": "names,listed"}
    for facts in ({"kind": "secretariat"}, {"networks": ["dci"]}, {"countries": ["NL"]}):
        with pytest.raises(NotAllowed):
            change_organisation(lead, acting_user=administrator, **facts)
    with pytest.raises(NotAllowed):
        change_organisation(lead, acting_user=other, names={"en": "Stolen"})


def test_suspension_and_its_end(keeper, alliance):
    coalition, (lead, administrator), _ = alliance
    suspend_organisation(lead, acting_user=keeper)
    assert viewer_for(administrator).labels == {"public"}
    with pytest.raises(Refused):
        suspend_organisation(lead, acting_user=keeper)
    with pytest.raises(NotAllowed):
        change_coalition(coalition, acting_user=administrator, purpose="x")
    lift_suspension(lead, acting_user=keeper)
    assert coalition.uuid in viewer_for(administrator).coalitions
    with pytest.raises(Refused):
        lift_suspension(lead, acting_user=keeper)
    with pytest.raises(Refused):
        suspend_organisation(lead, acting_user=keeper, until=timezone.now() - timedelta(days=1))


def test_a_secretariat_does_not_suspend_itself(keeper):
    own = keeper.affiliations.get().organisation
    with pytest.raises(Refused):
        suspend_organisation(own, acting_user=keeper)


def test_founding(keeper):
    organisation = worlds.make_organisation()
    administrator = worlds.make_person(organisation, "administrator")
    coalition = found_coalition(organisation, names={"en": "Roads"}, acting_user=administrator)
    assert coalition.memberships.get().leads
    assert coalition.uuid in viewer_for(administrator).coalitions
    assert found_coalition(organisation, names={"en": "Roads"}, acting_user=keeper)
    elsewhere = worlds.make_person(worlds.make_organisation(), "administrator")
    for person in (elsewhere, worlds.make_person(organisation, "editor"), None):
        with pytest.raises(NotAllowed):
            found_coalition(organisation, names={"en": "Roads"}, acting_user=person)


def test_the_lead_adds_and_nobody_else(alliance):
    coalition, (lead, administrator), (_member, other) = alliance
    new = worlds.make_organisation()
    for person in (
        other,
        worlds.make_person(lead, "editor"),
        worlds.make_person(new, "administrator"),
    ):
        with pytest.raises(NotAllowed):
            add_organisation_to_coalition(coalition, new, acting_user=person)
    add_organisation_to_coalition(coalition, new, acting_user=administrator)
    with pytest.raises(Refused):
        add_organisation_to_coalition(coalition, new, acting_user=administrator)
    suspended = worlds.make_organisation()
    worlds.suspend(suspended)
    with pytest.raises(Refused):
        add_organisation_to_coalition(coalition, suspended, acting_user=administrator)


def test_an_organisation_the_lead_cannot_see_is_refused():
    partner = worlds.make_organisation(kind="partner")
    administrator = worlds.make_person(partner, "administrator")
    coalition = worlds.make_coalition(partner)
    hidden = worlds.make_organisation(listed=False)
    with pytest.raises(NotAllowed):
        add_organisation_to_coalition(coalition, hidden, acting_user=administrator)


@pytest.mark.parametrize("who", ["lead", "own"])
def test_leaving_takes_the_workspaces_away_for_good(alliance, who):
    coalition, (lead, lead_admin), (member, member_admin) = alliance
    workspace = worlds.make_workspace(coalition)
    worlds.join(workspace, member_admin, member)
    actor = lead_admin if who == "lead" else member_admin
    end_coalition_membership(coalition, member, acting_user=actor)
    sight = viewer_for(member_admin)
    assert not sight.workspaces
    assert not sight.coalitions
    expected = lead if who == "lead" else member
    assert AuditEntry.objects.latest("pk").acting_organisation == expected.uuid
    add_organisation_to_coalition(coalition, member, acting_user=lead_admin)
    assert viewer_for(member_admin).coalitions
    assert not viewer_for(member_admin).workspaces
    with pytest.raises(NotAllowed):
        end_coalition_membership(coalition, lead, acting_user=member_admin)


def test_the_lead_is_handed_over_before_it_leaves(alliance, keeper):
    coalition, (lead, lead_admin), (member, member_admin) = alliance
    with pytest.raises(Refused, match="Hand over"):
        end_coalition_membership(coalition, lead, acting_user=lead_admin)
    for person in (member_admin, keeper):
        with pytest.raises(NotAllowed):
            hand_over_lead(coalition, member, acting_user=person)
    with pytest.raises(Refused):
        hand_over_lead(coalition, worlds.make_organisation(), acting_user=lead_admin)
    hand_over_lead(coalition, member, acting_user=lead_admin)
    rows = CoalitionMembership.objects.in_force().filter(coalition=coalition)
    assert {(row.organisation_id, row.leads) for row in rows} == {
        (lead.pk, False),
        (member.pk, True),
    }
    assert coalition.uuid in viewer_for(lead_admin).coalitions
    end_coalition_membership(coalition, lead, acting_user=lead_admin)


def test_a_secretariat_rescues_a_coalition_whose_lead_is_suspended(alliance, keeper):
    coalition, (lead, _lead_admin), (member, member_admin) = alliance
    worlds.suspend(lead)
    with pytest.raises(NotAllowed):
        hand_over_lead(coalition, member, acting_user=member_admin)
    hand_over_lead(coalition, member, acting_user=keeper)
    change_coalition(coalition, acting_user=member_admin, listed=True)
    coalition.refresh_from_db()
    assert coalition.listed
