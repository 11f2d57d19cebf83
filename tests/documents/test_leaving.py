"""What an organisation that leaves a coalition takes with it, what stays, and what ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.departure import Plan, plan_for
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.linked import viewer_for_link
from coalitions.documents.models import Document, Folder, Reservation, ShareRequest
from coalitions.documents.permissions import rights_on
from coalitions.documents.purging import purge_expired
from coalitions.documents.services import LiftRefused, NotOnLadder
from coalitions.documents.trash import restorable
from coalitions.network.models import (
    AuditEntry,
    Coalition,
    CoalitionMembership,
    OnLeaving,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.services import (
    add_organisation_to_coalition,
    change_coalition,
    end_coalition_membership,
    found_coalition,
    hand_over_lead,
    place_person,
)
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.links import make as make_link
from tests.documents.pages import client_of, get, page_of, text_of


@pytest.fixture
def lead(world: World) -> User:
    """The administrator of the partner, which leads; the owner of the documents leaves."""
    hand_over_lead(world.coalition, world.partner, acting_user=None, as_system=True)
    return worlds.make_person(world.partner, "administrator")


@pytest.fixture
def chief(world: World) -> User:
    """The administrator of the organisation that leaves."""
    return worlds.make_person(world.owner, "administrator")


def rule(world: World, which: str) -> None:
    CoalitionMembership.objects.filter(organisation=world.owner).update(on_leaving=which)


def leave(world: World, lead: User) -> None:
    end_coalition_membership(world.coalition, world.owner, acting_user=lead)


def sees(person: User, document: Document) -> bool:
    return Document.objects.visible_to(viewer_for(person)).filter(pk=document.pk).exists()


def fresh(document: Document) -> Any:
    found = Document.objects.with_audience()
    return found.select_related("workspace", "folder", "owner").get(pk=document.pk)


def make(world: World, rung: str | None = None, **fields: Any) -> Document:
    return worlds.make_document(
        world.workspace, world.owner, by=world.contributor, rung=rung, **fields
    )


# The rule


def test_the_rule_of_joining_holds_whatever_is_decided_later(world: World, lead: User) -> None:
    new = worlds.make_organisation()
    change_coalition(world.coalition, acting_user=lead, on_leaving="go")
    add_organisation_to_coalition(world.coalition, new, acting_user=lead)
    change_coalition(world.coalition, acting_user=lead, on_leaving="stay")
    kept = CoalitionMembership.objects.in_force().filter(coalition=world.coalition)
    assert dict(kept.values_list("organisation__slug", "on_leaving")) == {
        new.slug: "go",
        world.owner.slug: "stay",
        world.partner.slug: "stay",
    }
    hand_over_lead(world.coalition, new, acting_user=lead)
    assert kept.get(organisation=new).on_leaving == "go"
    assert kept.get(organisation=world.partner).on_leaving == "stay"


@pytest.mark.django_db
def test_the_founder_has_the_rule_of_the_founding() -> None:
    lead = worlds.make_organisation()
    coalition = found_coalition(
        lead, names={"en": "Roads"}, on_leaving="go", acting_user=None, as_system=True
    )
    assert coalition.memberships.get().on_leaving == "go"


def test_the_rule_is_said_where_joining_is_decided_and_on_the_coalitions_page(
    world: World, lead: User
) -> None:
    address = f"/en/coalitions/{world.coalition.uuid}/"
    assert "documents stay in the workspaces" in text_of(get(lead, f"{address}add/"))
    lead_client = client_of(lead)
    sent = {"name_en": "Coast", "on_leaving": "go"}
    assert lead_client.post(f"{address}change/", sent).status_code == 302
    assert Coalition.objects.get(pk=world.coalition.pk).on_leaving == OnLeaving.GO
    assert "documents go with it" in text_of(get(lead, f"{address}add/"))
    page = text_of(get(world.colleague, address))
    assert "documents go with it" in page
    assert "the rule of its joining holds" in page
    wrong = lead_client.post(f"{address}change/", {**sent, "on_leaving": "burn"})
    assert wrong.status_code == 200
    assert lead_client.post(f"{address}change/", {"name_en": "Coast"}).status_code == 200
    assert Coalition.objects.get(pk=world.coalition.pk).on_leaving == OnLeaving.GO


# They go


def test_documents_go_into_a_workspace_of_its_own_in_their_folders(
    world: World, lead: User
) -> None:
    rule(world, "go")
    top = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Reports"
    )
    inner = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="2026", parent=top
    )
    services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Only of others"
    )
    documents = [make(world, rung, folder=inner) for rung in ("workspace", "public")]
    loose = make(world, "organisation")
    theirs = worlds.make_document(world.workspace, world.partner, folder=inner)
    leave(world, lead)
    place = Workspace.objects.get(organisation=world.owner)
    assert (place.name, place.need_to_know) == (world.workspace.name, False)
    for document in (*documents, loose):
        moved = fresh(document)
        assert (moved.workspace, moved.rung) == (place, "organisation")
        assert moved.owner == world.owner
        assert moved.former_places.get().workspace == world.workspace
    moved = fresh(documents[0])
    assert [moved.folder.name, moved.folder.parent.name] == ["2026", "Reports"]
    assert moved.folder.workspace == place
    assert {f.name for f in Folder.objects.filter(workspace=place)} == {"2026", "Reports"}
    assert fresh(loose).folder is None
    assert fresh(theirs).workspace == world.workspace
    assert fresh(theirs).folder == inner
    people = WorkspaceMembership.objects.active().filter(workspace=place)
    assert {(row.person, row.role) for row in people} == {
        (world.editor, "reader"),
        (world.contributor, "contributor"),
    }
    for person in (world.coordinator, world.reader, world.stranger, lead):
        assert not any(sees(person, document) for document in documents)
    assert all(sees(world.colleague, document) for document in documents)
    verbs = list(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs.count("document.went-with-its-owner") == 3
    went = AuditEntry.objects.filter(verb="document.went-with-its-owner").first()
    assert went is not None
    assert went.acting_organisation == world.partner.uuid
    assert went.details["after"] == str(place.uuid)


def test_a_stale_page_puts_nothing_into_a_folder_of_the_old_place(world: World, lead: User) -> None:
    rule(world, "go")
    folder = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Here"
    )
    document = make(world, "workspace")
    stale = Document.objects.select_related("workspace").get(pk=document.pk)
    leave(world, lead)
    with pytest.raises(FolderRefused):
        services.move_document(
            acting_user=world.contributor, document=stale, folder=folder, seen_in=None
        )
    assert fresh(document).folder is None


def test_nobody_sees_more_of_what_was_for_members_only(world: World, lead: User) -> None:
    rule(world, "go")
    Workspace.objects.filter(pk=world.workspace.pk).update(need_to_know=True)
    closed = make(world, "members")
    shared = make(world, "coalition")
    for_a_time = make(world, "members")
    world.workspace.refresh_from_db()
    services.share_document(
        acting_user=world.editor,
        document=for_a_time,
        rung="workspace",
        until=timezone.now() + timedelta(days=3),
    )
    leave(world, lead)
    place = Workspace.objects.get(organisation=world.owner)
    assert place.need_to_know
    assert fresh(closed).rung == "members"
    assert (sees(world.contributor, closed), sees(world.colleague, closed)) == (True, False)
    assert (sees(world.colleague, shared), sees(world.reader, shared)) == (True, False)
    assert fresh(for_a_time).rung == "workspace"
    later = for_a_time.audiences.get(until__isnull=True)
    assert later.rung == "members"


def test_what_lies_in_the_trash_goes_too_and_is_restored_there(world: World, lead: User) -> None:
    rule(world, "go")
    folder = services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Old"
    )
    document = make(world, folder=folder)
    services.trash_folder(acting_user=world.contributor, folder=folder, revision=1)
    leave(world, lead)
    with pytest.raises(NotAllowed):
        services.restore_document(acting_user=world.coordinator, document=fresh(document))
    services.restore_folder(acting_user=world.coordinator, folder=folder)
    assert fresh(document).trashed
    services.restore_document(acting_user=world.editor, document=fresh(document))
    back = fresh(document)
    assert (back.trashed, back.folder, back.rung) == (None, None, "organisation")
    assert back.workspace.organisation == world.owner
    assert not sees(world.coordinator, document)


def test_child_data_stays_sealed(world: World, lead: User) -> None:
    rule(world, "go")
    document = make(world, "workspace", child_data=True)
    leave(world, lead)
    moved = fresh(document)
    assert (moved.rung, moved.child_data) == ("organisation", True)
    assert not sees(world.reader, document)


def test_a_document_that_went_does_not_come_back_by_itself(world: World, lead: User) -> None:
    rule(world, "go")
    document = make(world, "coalition")
    leave(world, lead)
    add_organisation_to_coalition(world.coalition, world.owner, acting_user=lead)
    assert not sees(world.reader, document)
    assert fresh(document).workspace.organisation == world.owner
    # It joined anew under the rule of today.
    held = CoalitionMembership.objects.in_force().get(organisation=world.owner)
    assert held.on_leaving == "stay"


# They stay


def test_what_was_shared_stays_in_the_coalitions_care(
    world: World, lead: User, chief: User
) -> None:
    document = make(world, "coalition")
    worlds.join(world.workspace, lead, world.partner, "reader")
    leave(world, lead)
    assert fresh(document).workspace == world.workspace
    assert sees(world.reader, document)
    assert sees(world.colleague, document)
    for person in (chief, world.editor, world.contributor):
        rights = rights_on(person, fresh(document))
        assert not any((rights.edit, rights.trash, rights.decide_audience))
        assert not rights.add_version
    assert rights_on(lead, fresh(document)).edit
    services.add_version(
        acting_user=lead, document=fresh(document), content=ContentFile(b"new"), name="n.txt"
    )
    assert fresh(document).current_version.organisation == world.partner
    assert fresh(document).owner == world.owner
    for rung in ("network", "public", "organisation"):
        with pytest.raises(NotOnLadder):
            services.share_document(acting_user=lead, document=fresh(document), rung=rung)
    services.share_document(acting_user=lead, document=fresh(document), rung="workspace")
    row = document.audiences.in_force().get()
    assert (row.rung, row.organisation) == ("workspace", world.partner)
    with pytest.raises(NotOnLadder):
        services.share_document(acting_user=lead, document=fresh(document), rung="coalition")
    with pytest.raises(NotOnLadder):
        services.ask_to_share(
            acting_user=world.reader, document=fresh(document), rung="network", reason="Why"
        )


def test_in_care_the_trash_is_not_emptied_until_the_owner_is_back(
    world: World, lead: User, chief: User
) -> None:
    document = make(world, "coalition")
    worlds.join(world.workspace, lead, world.partner, "reader")
    leave(world, lead)
    services.trash_document(acting_user=lead, document=fresh(document))
    long_ago = timezone.now() - timedelta(days=400)
    Document.objects.filter(pk=document.pk).update(trashed=long_ago)
    purge_expired()
    assert Document.objects.filter(pk=document.pk).exists()
    add_organisation_to_coalition(world.coalition, world.owner, acting_user=None, as_system=True)
    assert restorable(chief, viewer_for(chief)).get() == document
    purge_expired()
    assert not Document.objects.filter(pk=document.pk).exists()


def test_in_care_it_is_never_hidden_from_its_owner(world: World, lead: User, chief: User) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(need_to_know=True)
    world.workspace.refresh_from_db()
    document = make(world, "coalition")
    worlds.join(world.workspace, lead, world.partner, "reader")
    leave(world, lead)
    with pytest.raises(NotOnLadder):
        services.share_document(acting_user=lead, document=fresh(document), rung="members")
    services.share_document(acting_user=lead, document=fresh(document), rung="workspace")
    assert sees(chief, document)


def test_in_care_nobody_lets_others_add_versions_but_it_may_be_ended(
    world: World, lead: User, chief: User
) -> None:
    closed, opened = make(world, "coalition"), make(world, "coalition")
    services.let_others_add_versions(acting_user=world.editor, document=opened, allowed=True)
    worlds.join(world.workspace, lead, world.partner, "reader")
    leave(world, lead)
    with pytest.raises(NotAllowed):
        services.let_others_add_versions(acting_user=lead, document=fresh(closed), allowed=True)
    assert get(lead, f"/en/documents/{closed.uuid}/versions/others/").status_code == 404
    assert get(lead, f"/en/documents/{opened.uuid}/versions/others/").status_code == 200
    assert services.let_others_add_versions(acting_user=lead, document=fresh(opened), allowed=False)


def test_in_care_nobody_lifts_child_data_or_is_told_who_read_it(
    world: World, lead: User, chief: User
) -> None:
    document = make(world, "workspace")
    worlds.join(world.workspace, lead, world.partner, "contributor")
    leave(world, lead)
    services.mark_child_data(acting_user=lead, document=fresh(document))
    for person in (lead, chief):
        with pytest.raises((NotAllowed, LiftRefused)):
            services.propose_lift(acting_user=person, document=fresh(document), reason="Why")
        for page in ("seen/", "downloads/", "child-data/lift/"):
            assert get(person, page_of(document, page)).status_code == 404


def test_what_only_the_organisation_sees_goes_with_it_also_by_this_rule(
    world: World, lead: User
) -> None:
    own = make(world, "organisation")
    for_a_time = make(world, "organisation")
    services.share_document(
        acting_user=world.editor,
        document=for_a_time,
        rung="workspace",
        until=timezone.now() + timedelta(days=3),
    )
    shared = make(world, "workspace")
    leave(world, lead)
    assert fresh(own).workspace.organisation == world.owner
    assert fresh(for_a_time).workspace.organisation == world.owner
    assert not sees(world.reader, for_a_time)
    assert for_a_time.audiences.in_force().get().until is None
    assert fresh(shared).workspace == world.workspace


def test_members_only_is_looked_after_by_the_lead_and_left_by_its_owner(
    world: World, lead: User, chief: User
) -> None:
    Workspace.objects.filter(pk=world.workspace.pk).update(need_to_know=True)
    world.workspace.refresh_from_db()
    document = make(world, "members")
    leave(world, lead)
    assert not any(sees(p, document) for p in (chief, world.editor, world.contributor))
    assert not rights_on(lead, fresh(document)).edit  # who does not see it decides nothing
    worlds.join(world.workspace, lead, world.partner, "reader")
    assert rights_on(lead, fresh(document)).edit


def test_back_again_the_owner_decides_again(world: World, lead: User, chief: User) -> None:
    document = make(world, "workspace")
    leave(world, lead)
    add_organisation_to_coalition(world.coalition, world.owner, acting_user=lead)
    assert rights_on(chief, fresh(document)).as_owner
    assert not rights_on(lead, fresh(document)).edit
    services.share_document(acting_user=chief, document=fresh(document), rung="network")
    # Its people are placed anew, by its administrators alone.
    assert world.workspace.uuid not in viewer_for(world.contributor).workspaces


def test_the_page_says_who_looks_after_it(world: World, lead: User) -> None:
    document = make(world, "workspace")
    leave(world, lead)
    for person in (world.reader, world.colleague):
        page = text_of(get(person, page_of(document)))
        assert "has left the coalition" in page
        assert "Ask to share it further" not in page


# What ends


def test_what_was_asked_reserved_linked_and_begun_ends(
    world: World, lead: User, chief: User, document: Document
) -> None:
    theirs = worlds.make_document(world.workspace, world.partner, by=world.reader, rung="coalition")
    services.let_others_add_versions(acting_user=lead, document=theirs, allowed=True)
    asked = services.ask_to_share(
        acting_user=world.reader, document=document, rung="network", reason="Why"
    )
    asking = services.ask_to_share(
        acting_user=world.contributor, document=theirs, rung="network", reason="Why"
    )
    services.reserve_document(acting_user=world.contributor, document=theirs, hours=24)
    services.reserve_document(acting_user=world.contributor, document=document, hours=24)
    upload = services.begin_upload(
        acting_user=world.contributor,
        workspace=world.workspace,
        chosen=services.Chosen(name="late.pdf", length=10),
    )
    link, _secret = make_link(world.editor, document)
    told = plan(world, chief)
    assert (told.requests, told.reservations, told.links, told.uploads) == (1, 2, 1, 1)
    leave(world, lead)
    link.refresh_from_db()
    assert link.why == "narrowed"
    for request in (asked, asking):
        request.refresh_from_db()
        assert request.outcome == ShareRequest.Outcome.OVERTAKEN
    assert not Reservation.objects.in_force().exists()
    upload.refresh_from_db()
    assert upload.expires <= timezone.now()
    with pytest.raises(NotAllowed):
        services.add_document(
            acting_user=world.contributor,
            workspace=world.workspace,
            content=ContentFile(b"late"),
            name="late.txt",
        )
    add_organisation_to_coalition(world.coalition, world.owner, acting_user=lead)
    assert not Document.objects.visible_to(viewer_for_link(link)).exists()


def test_its_own_reservation_goes_along(world: World, lead: User) -> None:
    rule(world, "go")
    document = make(world)
    services.reserve_document(acting_user=world.contributor, document=document, hours=24)
    leave(world, lead)
    assert Reservation.objects.in_force().get().document == document


def test_two_leave_one_after_the_other(world: World, lead: User) -> None:
    third = worlds.make_organisation()
    add_organisation_to_coalition(world.coalition, third, acting_user=lead)
    person = worlds.make_person(third)
    place_person(
        world.workspace,
        person,
        organisation=third,
        role="contributor",
        acting_user=None,
        as_system=True,
    )
    CoalitionMembership.objects.filter(organisation=third).update(on_leaving="go")
    own, theirs = make(world, "workspace"), worlds.make_document(world.workspace, third, by=person)
    leave(world, lead)
    end_coalition_membership(world.coalition, third, acting_user=lead)
    assert fresh(own).workspace == world.workspace
    assert fresh(theirs).workspace.organisation == third
    assert not sees(person, own)
    assert not sees(world.colleague, theirs)


def test_a_suspended_organisation_is_let_go_by_the_lead(world: World, lead: User) -> None:
    rule(world, "go")
    document = make(world, "coalition")
    suspension = worlds.suspend(world.owner)
    leave(world, lead)
    assert not any(sees(p, document) for p in (world.reader, world.contributor))
    suspension.end()
    assert sees(world.contributor, document)
    place = fresh(document).workspace
    assert place.uuid in viewer_for(world.contributor).workspaces
    assert WorkspaceMembership.objects.active().filter(workspace=place).count() == 2


# The dry run


def address(world: World) -> str:
    return f"/en/coalitions/{world.coalition.uuid}/{world.owner.slug}/end/"


def plan(world: World, person: User) -> Plan:
    found = plan_for(person, viewer_for(person), world.coalition, world.owner)
    assert found is not None
    return found


def test_the_dry_run_says_what_happens_and_does_nothing(
    world: World, lead: User, chief: User
) -> None:
    make(world, "coalition")
    make(world, "public")
    make(world, "organisation")
    services.trash_document(acting_user=world.editor, document=make(world, "workspace"))
    told = plan(world, chief)
    assert (told.rule, told.going, told.staying, told.people) == ("stay", 1, 3, 2)
    rule(world, "go")
    told = plan(world, chief)
    assert (told.going, told.staying) == (4, 0)
    assert told.lost == {"coalition": 1, "public": 1}
    page = text_of(get(chief, address(world)))
    assert "documents go with their organisation" in page
    assert CoalitionMembership.objects.in_force().filter(organisation=world.owner).exists()
    before = {(d.pk, d.workspace_id) for d in Document.objects.all()}
    told = plan(world, chief)
    client_of(chief).post(address(world), {"shown": told.state})
    after = {(d.pk, d.workspace_id) for d in Document.objects.all()}
    assert len(before - after) == told.going


def test_the_dry_run_counts_what_will_be_for_members_only(
    world: World, lead: User, chief: User
) -> None:
    document = make(world, "coalition")
    assert plan(world, chief).hidden_from_own == 0
    make(world, "workspace")
    services.share_document(
        acting_user=world.editor,
        document=make(world, "workspace"),
        rung="coalition",
        until=timezone.now() + timedelta(days=3),
    )
    assert plan(world, chief).hidden_from_own == 0
    now = document.audiences.in_force().get()
    later = timezone.now() + timedelta(days=3)
    type(now).objects.filter(pk=now.pk).update(until=later)
    now.pk, now.since, now.until, now.rung = None, later, None, "members"
    now._state.adding = True
    now.save(force_insert=True)
    told = plan(world, chief)
    assert (told.staying, told.hidden_from_own) == (3, 1)


def test_a_confirmation_is_bound_to_what_was_shown(world: World, lead: User, chief: User) -> None:
    client = client_of(chief)
    make(world, "workspace")
    for shown in ("", "x", "\x00", "é" * 300):
        assert client.post(address(world), {"shown": shown}).status_code == 200
    seen = plan(world, chief).state
    make(world, "workspace")
    answer = client.post(address(world), {"shown": seen})
    assert "Something changed since you looked" in text_of(answer)
    assert CoalitionMembership.objects.in_force().filter(organisation=world.owner).exists()
    assert client.post(address(world), {"shown": plan(world, chief).state}).status_code == 302
    assert not CoalitionMembership.objects.in_force().filter(organisation=world.owner).exists()
    assert client.get(address(world)).status_code == 404


def test_the_lead_is_told_of_its_own_workspaces_alone(
    world: World, lead: User, chief: User
) -> None:
    make(world, "workspace")
    make(world, "organisation")
    blind = plan(world, lead)
    assert (blind.going, blind.staying, blind.people, blind.places) == (0, 0, 0, [])
    page = text_of(get(lead, address(world)))
    assert world.workspace.name not in page
    worlds.join(world.workspace, lead, world.partner, "reader")
    told = plan(world, lead)
    assert (told.going, told.staying, told.people) == (0, 1, 2)
    assert told.uploads == 0
    # An own administrator outside a need-to-know workspace reads its reference alone.
    Workspace.objects.filter(pk=world.workspace.pk).update(need_to_know=True)
    page = text_of(get(chief, address(world)))
    assert world.workspace.name not in page
    assert world.workspace.reference in page


def test_nobody_else_reaches_the_page(world: World, lead: User, chief: User) -> None:
    for person in (world.reader, world.contributor, world.editor, world.stranger, None):
        assert client_of(person).post(address(world)).status_code == 404
    lead_page = f"/en/coalitions/{world.coalition.uuid}/{world.partner.slug}/end/"
    assert get(lead, lead_page).status_code == 404
    elsewhere = worlds.make_coalition(world.outside)
    swapped = f"/en/coalitions/{elsewhere.uuid}/{world.owner.slug}/end/"
    assert get(chief, swapped).status_code == 404
    assert CoalitionMembership.objects.in_force().filter(organisation=world.owner).exists()
