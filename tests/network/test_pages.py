"""The pages of the network: who gets them, what they name, what they carry out."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from coalitions.network.models import (
    Affiliation,
    Coalition,
    Country,
    Invitation,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from tests import worlds

pytestmark = pytest.mark.django_db
GONE = 404


class World:
    """A coalition of two organisations, an outsider, a keeper of the list."""

    def __init__(self):
        self.lead = worlds.make_organisation(
            "Lead Forum", slug="lead", kind="dci_section", in_dci=True
        )
        self.member = worlds.make_organisation("Member Forum", slug="member", in_ecpat=True)
        self.secretariat = worlds.make_organisation("Keepers", slug="keepers", kind="secretariat")
        self.elsewhere = worlds.make_organisation("Elsewhere", slug="elsewhere")
        for organisation, code in ((self.lead, "NL"), (self.member, "KH")):
            organisation.countries.add(Country.objects.get(code=code))
        self.coalition = worlds.make_coalition(self.lead, self.member, name="Safe Roads")
        self.lead_admin = worlds.make_person(self.lead, "administrator", name="Lead Admin")
        self.lead_reader = worlds.make_person(self.lead, name="Lead Reader")
        self.member_admin = worlds.make_person(self.member, "administrator", name="Member Admin")
        self.member_person = worlds.make_person(self.member, name="Member Person")
        self.outsider = worlds.make_person(self.elsewhere, "administrator", name="Outsider")
        self.keeper = worlds.make_person(self.secretariat, "administrator", name="Keeper")
        self.open = worlds.make_workspace(self.coalition, name="Open Room")
        self.closed = worlds.make_workspace(self.coalition, name="Closed Room", need_to_know=True)
        for workspace in (self.open, self.closed):
            worlds.join(workspace, self.lead_admin, self.lead, "coordinator")
        worlds.join(self.open, self.member_person, self.member, "reader")


@pytest.fixture
def world():
    return World()


@pytest.fixture
def as_(client):
    def switch(person):
        client.logout()
        if person is not None:
            client.force_login(person)
        return client

    return switch


def url(name, *args):
    return reverse(f"network:{name}", args=args)


def affiliation(person):
    return Affiliation.objects.in_force().get(person=person)


def membership(person, workspace):
    return WorkspaceMembership.objects.in_force().get(person=person, workspace=workspace)


# The directory ------------------------------------------------------------------------------


def test_the_directory_counts_what_this_viewer_sees(as_, world):
    world.elsewhere.listed = False
    world.elsewhere.save()
    page = as_(None).get(url("organisations"))
    assert page.context["organisation_count"] == 3
    assert page.context["country_count"] == 2
    assert "Elsewhere" not in page.text
    seen = as_(world.lead_reader).get(url("organisations"))
    assert seen.context["organisation_count"] == 4
    assert "Elsewhere" in seen.text
    kinds = {c.value: c.count for c in page.context["facets"]["kinds"]}
    assert kinds == {"dci_section": 1, "ecpat_member": 1, "secretariat": 1}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("country=NL", 1),
        ("country=nl&network=ecpat", 0),
        ("network=dci&network=ecpat", 2),
        ("kind=secretariat", 1),
        ("q=cambodia", 1),
        ("q=FÓRUM", 2),
        ("q=lead+netherlands", 1),
        ("q=" + "x" * 5000, 0),
        ("country=%F0%9F%8C%8D&kind=none&network=rotary", 4),
        ("page=99999999999999999999", 4),
        ("page=-1", 4),
    ],
)
def test_filters(as_, world, query, count):
    page = as_(None).get(url("organisations") + "?" + query)
    assert page.status_code == 200
    assert page.context["organisation_count"] == count


def test_the_directory_costs_the_same_for_many(as_, world, django_assert_max_num_queries):
    for _ in range(40):
        worlds.make_organisation().countries.add(Country.objects.get(code="NL"))
    client = as_(world.lead_reader)
    with django_assert_max_num_queries(14):
        client.get(url("organisations"))


def test_an_unlisted_organisation_is_missing_to_strangers(as_, world):
    world.member.listed = False
    world.member.save()
    hidden = as_(None).get(url("organisation", "member"))
    absent = as_(None).get(url("organisation", "absent"))
    assert hidden.status_code == absent.status_code == GONE
    partner = worlds.make_person(worlds.make_organisation(kind="partner"))
    assert as_(partner).get(url("organisation", "member")).status_code == GONE
    shown = as_(world.outsider).get(url("organisation", "member"))
    assert shown.status_code == 200
    assert "Member Forum" not in re.search(r"<title>(.*?)</title>", shown.text, re.S).group(1)


def test_an_organisation_shows_coalitions_to_those_who_know_of_them(as_, world):
    address = url("organisation", "lead")
    assert "Safe Roads" in as_(world.member_person).get(address).text
    assert "Safe Roads" in as_(world.keeper).get(address).text
    for person in (None, world.outsider):
        assert "Safe Roads" not in as_(person).get(address).text
    Coalition.objects.update(listed=True)
    assert "Safe Roads" in as_(None).get(address).text


# People -------------------------------------------------------------------------------------


def test_people_are_seen_by_their_own_organisation(as_, world):
    address = url("organisation-people", "lead")
    page = as_(world.lead_reader).get(address)
    assert "Lead Admin" in page.text
    assert world.lead_admin.email not in page.text
    for person in (None, world.outsider, world.member_admin, world.keeper):
        assert as_(person).get(address).status_code == GONE


def test_an_administrator_sees_addresses_invitations_and_former_people(as_, world):
    leaver = worlds.make_person(world.lead, name="Long Gone")
    affiliation(leaver).end()
    client = as_(world.lead_admin)
    client.post(
        url("invite", "lead"), {"email": "new@example.org", "role": "member", "language": "en"}
    )
    page = client.get(url("organisation-people", "lead"))
    for word in ("Long Gone", "new@example.org", world.lead_reader.email):
        assert word in page.text
    member = as_(world.lead_reader).get(url("organisation-people", "lead"))
    for word in ("Long Gone", "new@example.org", "invite/"):
        assert word not in member.text


def test_inviting_from_the_page(as_, world):
    client = as_(world.lead_admin)
    address = url("invite", "lead")
    page = client.get(address)
    assert world.closed.reference in page.text or "Closed Room" not in page.text
    bad = client.post(address, {"email": "not an address", "role": "king", "language": "xx"})
    assert bad.status_code == 200
    assert "not an address" in bad.text
    assert "Error:" in bad.text
    good = client.post(
        address,
        {
            "email": "new@example.org",
            "role": "editor",
            "language": "fr",
            "workspace": str(world.open.uuid),
            "workspace_role": "contributor",
        },
    )
    assert good.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.workspace, invitation.workspace_role) == (
        "editor",
        world.open,
        "contributor",
    )
    again = url("invitation-again", "lead", invitation.uuid)
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == 302
    assert Invitation.objects.filter(revoked__isnull=True).count() == 1
    last = Invitation.objects.get(revoked__isnull=True)
    client.post(url("invitation-revoke", "lead", last.uuid))
    assert not Invitation.objects.filter(revoked__isnull=True).exists()


def test_a_workspace_of_others_cannot_be_chosen(as_, world):
    foreign = worlds.make_workspace(world.elsewhere)
    for value in (str(foreign.uuid), "not-a-uuid", "\x00"):
        answer = as_(world.lead_admin).post(
            url("invite", "lead"),
            {"email": "n@example.org", "role": "member", "language": "en", "workspace": value},
        )
        assert answer.status_code == 200
    assert not Invitation.objects.exists()


def test_roles_and_ends(as_, world):
    client = as_(world.lead_admin)
    row = affiliation(world.lead_reader)
    assert client.get(url("affiliation-role", "lead", row.uuid)).status_code == 200
    client.post(url("affiliation-role", "lead", row.uuid), {"role": "editor"})
    changed = affiliation(world.lead_reader)
    assert changed.role == "editor"
    page = client.get(url("affiliation-end", "lead", changed.uuid))
    assert "0 workspaces" in page.text
    late = client.post(url("affiliation-end", "lead", changed.uuid), {"until": "1999-01-01"})
    assert late.status_code == 200
    for odd in ("31-31-2031", "9999-12-31", "\x00", "x" * 300):
        assert (
            client.post(url("affiliation-end", "lead", changed.uuid), {"until": odd}).status_code
            == 200
        )
    assert (
        client.post(url("affiliation-end", "lead", changed.uuid), {"until": ""}).status_code == 302
    )
    assert not Affiliation.objects.active().filter(person=world.lead_reader).exists()


def test_the_last_administrator_gets_a_clear_error(as_, world):
    own = affiliation(world.lead_admin)
    page = as_(world.lead_admin).post(url("affiliation-end", "lead", own.uuid), {"until": ""})
    assert page.status_code == 200
    assert "only administrator" in page.text


def test_forms_of_others_are_missing(as_, world):
    row = affiliation(world.lead_reader)
    addresses = [
        url("invite", "lead"),
        url("affiliation-role", "lead", row.uuid),
        url("affiliation-end", "lead", row.uuid),
        url("placements", "lead"),
        url("place", "lead", world.open.uuid),
        url("organisation-change", "lead"),
        url("organisation-suspension", "lead"),
        url("coalition-new", "lead"),
        url("organisation-new"),
        # Right organisation, somebody else's row.
        url("affiliation-role", "elsewhere", row.uuid),
        url("place", "elsewhere", world.open.uuid),
    ]
    for address in addresses:
        for method in ("get", "post"):
            answer = getattr(as_(world.outsider), method)(address, {"role": "editor"})
            expected = 405 if method == "post" and address == url("placements", "lead") else GONE
            assert answer.status_code == expected, address
    assert affiliation(world.lead_reader).role == "member"


# Placements ---------------------------------------------------------------------------------


def test_where_a_hidden_name_stands_tells_nothing(as_, world):
    """Sorted by its own name it would say between which letters the name begins."""
    for name in ("Aardvark", "Mountain", "Zebra"):
        worlds.make_workspace(world.coalition, name=name)
    orders = []
    for hidden in ("Aaa", "Nnn", "Zzz"):
        Workspace.objects.filter(pk=world.closed.pk).update(name=hidden)
        client = as_(world.member_admin)
        pages = [client.get(url(name, "member")).text for name in ("placements", "invite")]
        names = f"Aardvark|Mountain|Zebra|Open Room|{world.closed.reference}"
        orders.append([re.findall(names, page) for page in pages])
    assert orders[0] == orders[1] == orders[2]


def test_placements_name_need_to_know_workspaces_by_reference(as_, world):
    page = as_(world.member_admin).get(url("placements", "member"))
    assert "Open Room" in page.text
    assert "Closed Room" not in page.text
    assert world.closed.reference in page.text
    assert "Member Person" in page.text
    assert "Lead Admin" not in page.text
    form = as_(world.member_admin).get(url("place", "member", world.closed.uuid))
    assert "Closed Room" not in form.text


def test_placing_from_the_page(as_, world):
    client = as_(world.member_admin)
    address = url("place", "member", world.closed.uuid)
    for person, role in (
        (world.lead_reader.uuid, "reader"),
        ("nonsense", "reader"),
        (world.member_person.uuid, "coordinator"),
        (world.member_person.uuid, "\x00"),
    ):
        assert client.post(address, {"person": str(person), "role": role}).status_code == 200
    done = client.post(address, {"person": str(world.member_person.uuid), "role": "reader"})
    assert done.status_code == 302
    assert membership(world.member_person, world.closed).role == "reader"
    row = membership(world.member_person, world.closed)
    taken = client.post(url("member-end", world.closed.uuid, row.uuid))
    assert taken.url.endswith("/organisations/member/workspaces/")
    assert not WorkspaceMembership.objects.in_force().filter(pk=row.pk).exists()


# Coalitions ---------------------------------------------------------------------------------


def test_a_coalition_is_missing_to_those_who_do_not_know_it(as_, world):
    address = url("coalition", world.coalition.uuid)
    for person in (None, world.outsider):
        assert as_(person).get(address).status_code == GONE
    page = as_(world.member_person).get(address)
    assert "Open Room" in page.text
    assert "Closed Room" not in page.text
    assert "Safe Roads" not in re.search(r"<title>(.*?)</title>", page.text, re.S).group(1)


def test_a_listed_coalition_names_no_workspace_to_strangers(as_, world):
    Coalition.objects.update(listed=True)
    Organisation.objects.filter(slug="member").update(listed=False)
    page = as_(None).get(url("coalition", world.coalition.uuid))
    assert "Lead Forum" in page.text
    for secret in ("Open Room", "Closed Room", "Member Forum"):
        assert secret not in page.text


def test_the_lead_looks_after_the_coalition(as_, world):
    client = as_(world.lead_admin)
    add = url("coalition-add", world.coalition.uuid)
    assert client.get(add).status_code == 200
    assert client.post(add, {"organisation": "absent"}).status_code == 200
    assert client.post(add, {"organisation": "elsewhere"}).status_code == 302
    change = url("coalition-change", world.coalition.uuid)
    empty = {f"name_{code}": "" for code in ("en", "nl", "fr", "es", "ar")}
    assert client.post(change, empty).status_code == 200
    assert (
        client.post(change, {**empty, "name_en": "Safer Roads", "on_leaving": "stay"}).status_code
        == 302
    )
    assert Coalition.objects.get().name == "Safer Roads"
    lead = url("coalition-lead", world.coalition.uuid)
    assert client.post(lead, {"organisation": "member"}).status_code == 302
    for address in (add, change, lead):
        assert client.get(address).status_code == GONE
        assert as_(world.member_person).post(address).status_code == GONE


def test_founding_and_opening(as_, world):
    client = as_(world.outsider)
    client.post(
        url("coalition-new", "elsewhere"), {"name_en": "New Alliance", "on_leaving": "stay"}
    )
    founded = Coalition.objects.get(names__en="New Alliance")
    address = url("workspace-new")
    assert client.get(address + f"?for=coalition:{founded.uuid}").status_code == 200
    for owner in (f"coalition:{world.coalition.uuid}", "organisation:x", ""):
        answer = client.post(
            address, {"owner": owner, "name": "Room", "language": "en", "need_to_know": "no"}
        )
        assert answer.status_code == 200
    answer = client.post(
        address,
        {
            "owner": f"coalition:{founded.uuid}",
            "name": "Room",
            "language": "en",
            "need_to_know": "yes",
        },
    )
    assert answer.status_code == 302
    assert Workspace.objects.get(name="Room").need_to_know
    assert as_(world.lead_reader).get(address).status_code == GONE


# Workspaces ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["workspace", "workspace-members", "workspace-about"])
def test_a_workspace_is_for_its_members(as_, world, name):
    address = url(name, world.open.uuid)
    absent = url(name, "00000000-0000-4000-8000-000000000000")
    for person in (world.outsider, world.member_admin, world.keeper):
        assert as_(person).get(address).status_code == GONE
        assert as_(person).get(absent).status_code == GONE
    for target in (address, absent):
        assert as_(None).get(target).url.startswith("/en/account/login/")
    answer = as_(world.member_person).get(address)
    assert answer.status_code == (302 if name == "workspace" else 200)
    if name != "workspace":
        title = re.search(r"<title>(.*?)</title>", answer.text, re.S).group(1)
        assert world.open.reference in title
        assert "Open Room" not in title


def test_members_by_organisation(as_, world):
    page = as_(world.member_person).get(url("workspace-members", world.open.uuid))
    names = [group["organisation"].name for group in page.context["groups"]]
    assert names == ["Lead Forum", "Member Forum"]
    assert page.text.count("/role/") == 0
    assert page.text.count("/end/") == 1
    coordinator = as_(world.lead_admin).get(url("workspace-members", world.open.uuid))
    assert coordinator.text.count("/role/") == 2


def test_an_unlisted_organisation_is_not_named_to_a_partner(as_, world):
    partner = worlds.make_organisation(kind="partner")
    person = worlds.make_person(partner, name="Partner Person")
    world.coalition.memberships.create(organisation=partner)
    worlds.join(world.open, person, partner)
    Organisation.objects.filter(slug="member").update(listed=False)
    for name in ("workspace-members", "workspace-about"):
        page = as_(person).get(url(name, world.open.uuid))
        assert "Member Forum" not in page.text
        assert "Lead Forum" in page.text
    assert "Member Person" in as_(person).get(url("workspace-members", world.open.uuid)).text


def test_coordinators_set_roles_on_the_page(as_, world):
    row = membership(world.member_person, world.open)
    address = url("member-role", world.open.uuid, row.uuid)
    assert as_(world.member_person).post(address, {"role": "coordinator"}).status_code == GONE
    client = as_(world.lead_admin)
    assert client.get(address).status_code == 200
    assert client.post(address, {"role": "emperor"}).status_code == 200
    assert client.post(address, {"role": "contributor"}).status_code == 302
    assert membership(world.member_person, world.open).role == "contributor"
    # The old row is history.
    assert client.post(address, {"role": "reader"}).status_code == GONE
    mixed = url("member-role", world.closed.uuid, membership(world.member_person, world.open).uuid)
    assert client.post(mixed, {"role": "reader"}).status_code == GONE


def test_leaving_a_workspace(as_, world):
    row = membership(world.member_person, world.open)
    address = url("member-end", world.open.uuid, row.uuid)
    for person in (world.outsider, world.lead_reader):
        assert as_(person).post(address).status_code == GONE
    client = as_(world.member_person)
    assert client.get(address).status_code == 200
    assert client.post(address).url == url("workspaces")
    assert client.get(url("workspace-members", world.open.uuid)).status_code == GONE


def test_the_members_page_costs_the_same_for_many(as_, world, django_assert_max_num_queries):
    for number in range(30):
        organisation = world.lead if number % 2 else world.member
        worlds.join(world.open, worlds.make_person(organisation), organisation)
    client = as_(world.lead_admin)
    with django_assert_max_num_queries(26):
        client.get(url("workspace-members", world.open.uuid))
    with django_assert_max_num_queries(20):
        client.get(url("workspaces"))


# The list -----------------------------------------------------------------------------------


def test_a_keeper_enters_changes_and_suspends(as_, world):
    client = as_(world.keeper)
    facts = {"name_en": "Fresh", "kind": "partner", "languages": "en, fr", "countries": ["NL"]}
    assert client.post(url("organisation-new"), {**facts, "website": "nonsense"}).status_code == 200
    assert (
        client.post(url("organisation-new"), {**facts, "languages": "x" * 150}).status_code == 200
    )
    assert client.post(url("organisation-new"), {**facts, "countries": ["XX"]}).status_code == 200
    assert client.post(url("organisation-new"), {**facts, "name_en": "x" * 300}).status_code == 200
    assert not Organisation.objects.filter(slug="fresh").exists()
    assert client.post(url("organisation-new"), facts).status_code == 302
    fresh = Organisation.objects.get(slug="fresh")
    assert (fresh.languages, fresh.listed) == (["en", "fr"], False)
    change = url("organisation-change", "fresh")
    assert client.get(change).status_code == 200
    client.post(change, {**facts, "name_ar": "جديد", "listed": "on", "kind": "ecpat_member"})
    fresh.refresh_from_db()
    assert (fresh.names["ar"], fresh.listed, fresh.kind) == ("جديد", True, "ecpat_member")
    assert client.get(url("organisation-people", "fresh")).status_code == 200
    suspension = url("organisation-suspension", "lead")
    assert "2 people" in client.get(suspension).text
    assert client.post(suspension, {"act": "suspend"}).status_code == 302
    assert world.lead.is_suspended()
    client.post(suspension, {"act": "suspend"})
    assert world.lead.is_suspended()
    client.post(suspension, {"act": "lift"})
    assert not world.lead.is_suspended()


def test_own_administrators_change_names_alone(as_, world):
    client = as_(world.lead_admin)
    page = client.get(url("organisation-change", "lead"))
    assert 'name="kind"' not in page.text
    client.post(
        url("organisation-change", "lead"),
        {"name_en": "Lead Again", "kind": "secretariat", "listed": "on"},
    )
    world.lead.refresh_from_db()
    assert (world.lead.name, world.lead.kind) == ("Lead Again", "dci_section")


def test_suspended_people_see_what_strangers_see(as_, world):
    worlds.suspend(world.lead)
    client = as_(world.lead_admin)
    for address in (
        url("organisation-people", "lead"),
        url("workspace-members", world.open.uuid),
        url("coalition", world.coalition.uuid),
        url("invite", "lead"),
        url("placements", "lead"),
    ):
        assert client.get(address).status_code == GONE
        assert client.post(address).status_code in (GONE, 405)
    assert client.get(url("workspaces")).context["rows"] == []


def test_names_of_languages_are_the_readers_and_never_an_error(as_, world):
    Organisation.objects.filter(slug="lead").update(
        languages=["nl", "xx", "qqq"], names={"en": "Lead Forum", "nl": "Kop", "zz": "Other"}
    )
    client = as_(None)
    for address in ("/fr/organisations/lead/", "/fr/organisations/"):
        with translation.override("en"):  # the next test speaks English again
            page = client.get(address)
        assert page.status_code == 200
        assert "Néerlandais" in page.text
