"""Mail about space: once, to those who look after a room, without figures and names."""

import pytest
from django.core import mail

from coalitions.documents import services
from coalitions.documents.models import Document, Space
from coalitions.documents.purging import purge_document
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import send_waiting
from tests import worlds
from tests.documents import rooms
from tests.documents.rooms import limit
from tests.own_storage import documents_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(tmp_path, monkeypatch):
    with documents_in(tmp_path, monkeypatch):
        yield


@pytest.fixture
def place():
    owner = worlds.make_organisation("Owner Name", slug="owner-name")
    workspace = worlds.make_workspace(owner, name="Secret place")
    administrator = worlds.make_person(owner, "administrator", language="fr")
    coordinator = worlds.make_person(owner, name="Coordinator Name")
    contributor = worlds.make_person(owner)
    worlds.join(workspace, coordinator, owner, "coordinator")
    worlds.join(workspace, contributor, owner, "contributor")
    return workspace, administrator, coordinator, contributor


def add(workspace, contributor, size: int) -> Document:
    return rooms.add(workspace, contributor, b"x" * size, name="Secret title.txt")


def test_coordinators_are_told_once_until_space_was_freed(place):
    workspace, _administrator, coordinator, contributor = place
    limit(workspace, 1000)
    add(workspace, contributor, 899)
    assert send_waiting() == 0
    first = add(workspace, contributor, 1)
    add(workspace, contributor, 50)
    assert send_waiting() == 1
    (letter,) = mail.outbox
    assert letter.to == [coordinator.email]
    assert workspace.reference in letter.subject
    assert f"/en/workspaces/{workspace.uuid}/space/" in letter.body
    for hidden in ("Secret", "Owner", "Coordinator Name", "1000", "950", "90"):
        assert hidden not in letter.subject + letter.body.replace(str(workspace.uuid), "")
    for document in Document.objects.exclude(pk=first.pk):
        services.trash_document(acting_user=contributor, document=document)
        purge_document(document.pk)
    add(workspace, contributor, 10)
    assert Space.objects.get().told is not None
    add(workspace, contributor, 950)
    assert send_waiting() == 1


def test_administrators_are_told_of_their_organisation(place):
    workspace, administrator, _coordinator, contributor = place
    owner = workspace.organisation
    limit(owner, 1000)
    add(workspace, contributor, 950)
    assert send_waiting() == 1
    (letter,) = mail.outbox
    assert letter.to == [administrator.email]
    assert "/fr/organisations/owner-name/space/" in letter.body
    assert "Owner" not in letter.subject + letter.body


def test_an_unlisted_organisation_is_called_by_nothing(place):
    workspace, _administrator, _coordinator, contributor = place
    owner = workspace.organisation
    owner.listed = False
    owner.save()
    limit(owner, 1000)
    add(workspace, contributor, 950)
    assert send_waiting() == 1
    assert "owner" not in (mail.outbox[0].subject + mail.outbox[0].body).lower()


def test_nobody_is_told_what_is_over_or_not_theirs_any_more(place):
    workspace, administrator, _coordinator, contributor = place
    limit(workspace, 1000)
    limit(workspace.organisation, 1000)
    add(workspace, contributor, 950)
    limit(workspace, 2000)
    administrator.affiliations.get().end()
    assert send_waiting() == 0
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"needless"}


def test_what_is_only_announced_tells_nobody(place):
    workspace, _administrator, _coordinator, contributor = place
    limit(workspace, 1000)
    services.begin_upload(
        acting_user=contributor,
        workspace=workspace,
        chosen=services.Chosen(name="a.txt", length=950, rung="workspace"),
    )
    assert not OutgoingMail.objects.exists()
