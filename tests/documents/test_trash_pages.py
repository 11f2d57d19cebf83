"""Pages of the trash: at once, with Undo; who sees what; what later ones are told."""

import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from coalitions.documents import services
from coalitions.documents.models import Document, Folder
from coalitions.network.models import WorkspaceMembership
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of
from tests.documents.test_folder_pages import address, make, reports

__all__ = ["reports"]
OWN = "/en/documents/trash/"


def place_of(world: World) -> str:
    return f"/en/workspaces/{world.workspace.uuid}/trash/"


def field(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def undo_in(page: str) -> str:
    found = re.search(r'<form method="post" action="([^"]+)">(?:(?!</form>).)*Undo', page, re.S)
    assert found, "no Undo"
    return found[1]


def follow(client: Client, path: str, **values: str) -> str:
    answer: HttpResponse = client.post(path, values, follow=True)  # type: ignore[assignment]
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_document_goes_at_once_and_comes_back_by_undo(
    world: World, document: Document, reports: Folder
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.contributor)
    page = client.get(page_of(document)).content.decode()
    sent = {"seen": field(page, "seen"), "csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")}
    reached = follow(client, page_of(document, "trash/"), **sent)
    assert f"{document.reference} is in the trash." in reached
    assert "<bdi>Reports</bdi>" in reached
    assert get(world.reader, page_of(document)).status_code == 404
    token = field(reached, "csrfmiddlewaretoken")
    back = follow(client, undo_in(reached), csrfmiddlewaretoken=token)
    assert f"{document.reference} is back." in back
    document.refresh_from_db()
    assert (document.trashed, document.folder) == (None, reports)


def test_a_folder_goes_at_once_and_comes_back_by_undo(
    world: World, document: Document, reports: Folder
) -> None:
    client = client_of(world.coordinator)
    page = client.get(address(world, reports)).content.decode()
    reached = follow(client, address(world, reports, "trash/"), revision=field(page, "revision"))
    assert "The folder is in the trash, with 1 document." in reached
    assert get(world.coordinator, address(world, reports)).status_code == 404
    make(world, "REPORTS")
    back = follow(client, undo_in(reached))
    assert "Its name was taken meanwhile" in back
    assert "Reports (2)" in back
    assert "Telltale title" in back


def test_the_message_says_nothing_of_what_stayed(world: World, reports: Folder) -> None:
    worlds.make_document(world.workspace, world.owner, folder=reports, rung="organisation")
    Document.objects.filter(title="Telltale title").update(folder=None)
    client = client_of(world.coordinator)
    reached = follow(client, address(world, reports, "trash/"), revision="1")
    assert "<p>The folder is in the trash. <button" in reached


@pytest.mark.parametrize("revision", ["", "0", "-1", "x", "9" * 300, "\u0661", "2"])
def test_a_wrong_revision_changes_nothing(world: World, reports: Folder, revision: str) -> None:
    client = client_of(world.coordinator)
    page = follow(client, address(world, reports, "trash/"), revision=revision)
    assert "Somebody else changed this meanwhile." in page
    reports.refresh_from_db()
    assert reports.trashed is None


def test_later_ones_are_told(world: World, document: Document, reports: Folder) -> None:
    client = client_of(world.contributor)
    seen = field(client.get(page_of(document)).content.decode(), "seen")
    services.move_document(
        acting_user=world.coordinator, document=document, folder=None, seen_in=reports
    )
    told = follow(client, page_of(document, "trash/"), seen=seen)
    assert "Somebody else changed this meanwhile." in told
    assert services.trash_document(acting_user=world.coordinator, document=document)
    for end in ("trash/", "move/", "edit/"):
        told = follow(client, page_of(document, end))
        assert f"{document.reference} is in the trash by now." in told
        assert client_of(world.reader).post(page_of(document, end)).status_code == 404
    assert f"{document.reference} is back." in follow(client, page_of(document, "restore/"))
    told = follow(client, page_of(document, "restore/"))
    assert f"{document.reference} was back already." in told
    services.trash_folder(acting_user=world.coordinator, folder=reports, revision=1)
    told = follow(client_of(world.coordinator), address(world, reports, "trash/"), revision="1")
    assert "The folder is in the trash by now." in told
    assert client_of(world.reader).post(address(world, reports, "trash/")).status_code == 404


def test_the_trash_lists_what_one_may_restore(
    world: World, document: Document, reports: Folder
) -> None:
    services.trash_folder(acting_user=world.coordinator, folder=reports, revision=1)
    for user in (world.contributor, world.coordinator):
        for path in (OWN, place_of(world)):
            page = get(user, path).content.decode()
            assert "Telltale title" in page
            assert "with the folder" in page
        assert ("Restore the folder Reports" in page) == (user == world.coordinator)
        assert "Delete for good</a>" not in page
    page = get(world.editor, place_of(world)).content.decode()
    assert "Telltale title" in page
    assert "Delete for good</a>" in page
    for user in (world.reader, world.colleague, world.stranger):
        page = get(user, OWN).content.decode()
        assert "There is nothing in the trash that you can restore." in page
        assert "Telltale title" not in page
    assert "Telltale" not in get(world.reader, place_of(world)).content.decode()
    for user in (world.colleague, world.stranger):
        assert get(user, place_of(world)).status_code == 404
    assert get(None, OWN).status_code == 302
    assert get(None, place_of(world)).status_code == 302


def test_places_are_not_named_to_those_outside(
    world: World, document: Document, reports: Folder
) -> None:
    services.trash_folder(acting_user=world.coordinator, folder=reports, revision=1)
    WorkspaceMembership.objects.filter(person=world.editor).delete()
    page = get(world.editor, OWN).content.decode()
    assert "Telltale title" in page
    assert "Reports" not in page
    assert world.workspace.name not in page
    back = follow(client_of(world.editor), page_of(document, "restore/"))
    assert f"{document.reference} is back." in back
    assert "its folder is not there" not in back


def test_deleting_for_good_is_confirmed_in_numbers(world: World, document: Document) -> None:
    get(world.reader, page_of(document, "versions/1/download/"))
    path = page_of(document, "delete/")
    assert get(world.editor, path).status_code == 404  # it is not in the trash
    services.trash_document(acting_user=world.contributor, document=document)
    for user in (world.coordinator, world.contributor, world.reader, world.stranger):
        assert get(user, path).status_code == 404
        assert client_of(user).post(path).status_code == 404
    page = get(world.editor, path).content.decode()
    assert "Its one version" in page
    assert "It was downloaded once." in page
    assert f"<title>Delete {document.reference} for good" in page
    done = follow(client_of(world.editor), path)
    assert f"{document.reference} was deleted for good." in done
    assert not Document.objects.exists()
    assert get(world.editor, path).status_code == 404


def test_hidden_and_missing_are_alike(world: World, document: Document, reports: Folder) -> None:
    services.trash_folder(acting_user=world.coordinator, folder=reports, revision=1)
    root = worlds.make_person(is_superuser=True, is_staff=True)
    for user in (world.stranger, world.reader, root):
        client = client_of(user)
        for end in ("trash/", "restore/", "delete/"):
            for path in (page_of(document, end), f"/en/documents/{uuid4()}/{end}"):
                assert client.post(path).status_code == 404
        for end in ("trash/", "restore/"):
            for path in (
                address(world, reports, end),
                address(world, reports, end).replace(str(reports.uuid), str(uuid4())),
            ):
                assert client.post(path).status_code == 404


def test_a_folder_of_elsewhere_is_missing(world: World, reports: Folder) -> None:
    other = worlds.make_workspace(world.coalition)
    people: list[User] = [world.coordinator]
    for person in people:
        worlds.join(other, person, world.partner, "coordinator")
    here = f"/en/workspaces/{other.uuid}/folders/{reports.uuid}/"
    client = client_of(world.coordinator)
    assert client.post(f"{here}trash/", {"revision": "1"}).status_code == 404
    services.trash_folder(acting_user=world.coordinator, folder=reports, revision=1)
    assert client.post(f"{here}trash/", {"revision": "1"}).status_code == 404
    assert client.post(f"{here}restore/").status_code == 404
    assert (
        "Reports"
        not in get(world.coordinator, f"/en/workspaces/{other.uuid}/trash/").content.decode()
    )
    reports.refresh_from_db()
    assert reports.trashed is not None
