"""Others add versions only where the owner allows it, and no longer than that."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from coalitions.access import NotAllowed, Rung
from coalitions.documents import services
from coalitions.documents.models import Document, Reservation
from coalitions.documents.permissions import rights_on
from coalitions.documents.services import NotOfChildData
from coalitions.network.models import AuditEntry, WorkspaceMembership
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of, text_of

OTHERS = "versions/others/"


@pytest.fixture
def partner_contributor(world: World) -> User:
    person = worlds.make_person(world.partner, name="Pat of the partner")
    worlds.join(world.workspace, person, world.partner, "contributor")
    return person


def add(person: User, document: Document, text: str = "other words") -> None:
    services.add_version(
        acting_user=person,
        document=document,
        content=ContentFile(text.encode()),
        name="new.txt",
    )


def allow(world: World, document: Document, allowed: bool = True) -> None:
    services.let_others_add_versions(acting_user=world.editor, document=document, allowed=allowed)


def test_nobody_else_adds_at_first(
    world: World, document: Document, partner_contributor: User
) -> None:
    for person in (partner_contributor, world.coordinator, world.reader):
        with pytest.raises(NotAllowed):
            add(person, document)


def test_contributors_add_once_it_is_allowed_readers_do_not(
    world: World, document: Document, partner_contributor: User
) -> None:
    allow(world, document)
    add(partner_contributor, document)
    add(world.coordinator, document, "third")
    newest = document.versions.get(number=2)
    assert (newest.uploader, newest.organisation) == (partner_contributor, world.partner)
    for person in (world.reader, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            add(person, document, "fourth")
    rights = rights_on(partner_contributor, document)
    assert rights.add_version
    assert not rights.edit
    assert not rights.decide_audience
    page = text_of(get(world.reader, page_of(document)))
    assert "Pat of the partner" in page
    assert world.partner.name in page


def test_only_who_decides_for_the_owner_says_so(
    world: World, document: Document, partner_contributor: User
) -> None:
    people = (world.contributor, world.coordinator, world.reader, partner_contributor)
    for person in (*people, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.let_others_add_versions(acting_user=person, document=document, allowed=True)
        assert get(person, page_of(document, OTHERS)).status_code == 404
    document.refresh_from_db()
    assert not document.others_add_versions


def test_it_ends_at_once_with_what_was_reserved(
    world: World, document: Document, partner_contributor: User
) -> None:
    allow(world, document)
    services.reserve_document(acting_user=partner_contributor, document=document, hours=24)
    with pytest.raises(services.DocumentReserved):
        add(world.editor, document)
    allow(world, document, False)
    assert not Reservation.objects.in_force().exists()
    with pytest.raises(NotAllowed):
        add(partner_contributor, document)
    add(world.editor, document)
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert "document.reservation-lifted" in verbs
    assert list(verbs).count("document.others-add-versions") == 2


def test_the_owners_own_reservation_stays_when_it_ends(world: World, document: Document) -> None:
    allow(world, document)
    services.reserve_document(acting_user=world.contributor, document=document, hours=24)
    allow(world, document, False)
    assert Reservation.objects.in_force().get().person == world.contributor


def test_child_data_is_never_open_to_others(
    world: World, document: Document, partner_contributor: User
) -> None:
    allow(world, document)
    services.mark_child_data(acting_user=world.editor, document=document)
    with pytest.raises(NotAllowed):
        add(partner_contributor, document)
    with pytest.raises(NotOfChildData):
        allow(world, document)
    document.refresh_from_db()
    assert not document.others_add_versions
    assert get(world.editor, page_of(document, OTHERS)).status_code == 404


def test_the_label_alone_is_enough(
    world: World, document: Document, partner_contributor: User
) -> None:
    """Even where the switch were left on, the label decides."""
    services.mark_child_data(acting_user=world.editor, document=document)
    Document.objects.filter(pk=document.pk).update(others_add_versions=True)
    document.refresh_from_db()
    assert not rights_on(partner_contributor, document).add_version


def test_what_others_do_not_see_they_do_not_change(
    world: World, document: Document, partner_contributor: User
) -> None:
    allow(world, document)
    services.share_document(acting_user=world.editor, document=document, rung=Rung.ORGANISATION)
    with pytest.raises(NotAllowed):
        add(partner_contributor, document)
    services.share_document(acting_user=world.editor, document=document, rung=Rung.WORKSPACE)
    WorkspaceMembership.objects.get(person=partner_contributor).end()
    with pytest.raises(NotAllowed):
        add(partner_contributor, document)


def test_a_contributor_of_another_workspace_adds_nothing(world: World, document: Document) -> None:
    allow(world, document)
    services.share_document(acting_user=world.editor, document=document, rung=Rung.PUBLIC)
    elsewhere = worlds.make_workspace(world.outside)
    person = worlds.make_person(world.outside)
    worlds.join(elsewhere, person, world.outside, "contributor")
    assert get(person, page_of(document)).status_code == 200
    with pytest.raises(NotAllowed):
        add(person, document)
    assert get(person, page_of(document, "versions/add/")).status_code == 404


def test_the_page_says_it_and_does_it(
    world: World, document: Document, partner_contributor: User
) -> None:
    editor: Client = client_of(world.editor)
    asked = editor.get(page_of(document, OTHERS))
    assert 'value="yes"' in text_of(asked)
    for nonsense in ({}, {"others": "perhaps"}, {"others": "\x00"}):
        assert editor.post(page_of(document, OTHERS), nonsense).status_code == 200
    document.refresh_from_db()
    assert not document.others_add_versions
    assert get(partner_contributor, page_of(document, "versions/add/")).status_code == 404
    editor.post(page_of(document, OTHERS), {"others": "yes"})
    page = text_of(get(partner_contributor, page_of(document)))
    assert "Contributors of this workspace may add versions" in page
    assert "/versions/add/" in page
    assert get(partner_contributor, page_of(document, "versions/add/")).status_code == 200
    assert get(partner_contributor, page_of(document, "reservation/")).status_code == 200
    # Somebody of the owner outside the workspace is told nothing of the place.
    assert "Contributors of this workspace" not in text_of(get(world.colleague, page_of(document)))
    editor.post(page_of(document, OTHERS), {"others": "no"})
    assert get(partner_contributor, page_of(document, "versions/add/")).status_code == 404


def test_others_restore_an_old_version(
    world: World, document: Document, partner_contributor: User
) -> None:
    allow(world, document)
    add(partner_contributor, document)
    services.restore_version(acting_user=partner_contributor, document=document, number=1, seen=2)
    assert document.versions.get(number=3).organisation == world.partner
