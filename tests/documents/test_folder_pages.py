"""Pages of folders: what lies where, making, renaming, moving, and who is told of it."""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from coalitions.documents import services
from coalitions.documents.models import Document, Folder
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of


def address(world: World, folder: Folder | None = None, end: str = "") -> str:
    inside = f"folders/{folder.uuid}/" if folder else "documents/"
    return f"/en/workspaces/{world.workspace.uuid}/{inside}{end}"


def make(world: World, name: str, parent: Folder | None = None) -> Folder:
    return services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name=name, parent=parent
    )


def post(user: User, path: str, **values: str) -> HttpResponse:
    return client_of(user).post(path, values)


@pytest.fixture
def reports(world: World, document: Document) -> Folder:
    """A folder "Reports" with the document in it."""
    folder = make(world, "Reports")
    services.move_document(
        acting_user=world.contributor, document=document, folder=folder, seen_in=None
    )
    return folder


def test_a_folder_shows_what_is_in_it(world: World, document: Document, reports: Folder) -> None:
    make(world, "Minutes", reports)
    top = get(world.reader, address(world)).content.decode()
    assert "Reports" in top
    assert "1 document" in top
    assert document.title not in top
    assert "Minutes" not in top
    inside = get(world.reader, address(world, reports)).content.decode()
    assert document.title in inside
    assert ">Minutes</bdi>" in inside
    everything = get(world.reader, address(world) + "?in=all").content.decode()
    assert document.title in everything
    assert "Show folder by folder" in everything


def test_the_number_counts_what_one_may_see(
    world: World, document: Document, reports: Folder
) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    assert "0 documents" in get(world.reader, address(world)).content.decode()
    assert "1 document<" in get(world.contributor, address(world)).content.decode()


def test_the_document_says_where_it_lies_to_members_alone(
    world: World, document: Document, reports: Folder
) -> None:
    assert "Reports" in get(world.reader, page_of(document)).content.decode()
    assert "Reports" not in get(world.colleague, page_of(document)).content.decode()


def test_making_renaming_and_moving(world: World, reports: Folder) -> None:
    new = f"/en/workspaces/{world.workspace.uuid}/folders/new/"
    answer = post(world.contributor, f"{new}?in={reports.uuid}", name=" Minutes ")
    made = Folder.objects.get(name="Minutes")
    assert answer.headers["Location"] == address(world, made)
    assert made.parent == reports
    change = address(world, made, "change/")
    shown = get(world.contributor, change).content.decode()
    assert "Top of the workspace" in shown
    assert "Reports / Minutes" not in shown  # no folder can be put into itself
    post(world.contributor, change, name="Notes", place="top", revision="1")
    made.refresh_from_db()
    assert (made.name, made.parent) == ("Notes", None)
    late = post(world.coordinator, change, name="Late", place="top", revision="1").content.decode()
    assert "Somebody else changed this meanwhile" in late
    assert "Late" in late  # what was typed stays


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "at least one letter"),
        ({"name": "x" * 300}, "at most 120 characters"),
        ({"name": "a/b"}, "Leave them out"),
        ({"name": "RÉPORTS"}, "a folder of that name"),
        ({"name": "\x00"}, "Null characters are not allowed"),
    ],
)
def test_bad_names_are_explained(
    world: World, reports: Folder, values: dict[str, str], words: str
) -> None:
    new = f"/en/workspaces/{world.workspace.uuid}/folders/new/"
    answer = post(world.contributor, new, **values)
    assert answer.status_code == 200
    assert Folder.objects.count() == 1
    assert words in answer.content.decode()


@pytest.mark.parametrize("place", ["", "nonsense", str(UUID(int=4)), "x" * 5000])
def test_places_that_are_not_there(world: World, reports: Folder, place: str) -> None:
    change = address(world, reports, "change/")
    answer = post(world.coordinator, change, name="Reports", place=place, revision="1")
    assert answer.status_code == 200
    assert "place" in answer.content.decode()
    assert get(world.reader, address(world) + f"?in={place}").status_code == 200
    new = f"/en/workspaces/{world.workspace.uuid}/folders/new/?in={place}"
    assert get(world.contributor, new).status_code == (404 if place else 200)


def test_moving_a_document_by_its_page(world: World, document: Document, reports: Folder) -> None:
    other = make(world, "Other")
    move = page_of(document, "move/")
    values = {"place": str(other.uuid), "seen_in": str(reports.uuid)}
    assert post(world.coordinator, move, **values).status_code == 302
    document.refresh_from_db()
    assert document.folder == other
    late = post(world.contributor, move, place="top", seen_in=str(reports.uuid))
    assert "Somebody else changed this meanwhile" in late.content.decode()
    assert get(world.reader, move).status_code == 404
    assert "Move" not in get(world.reader, page_of(document)).content.decode().split("<main")[1]


def test_a_file_is_uploaded_into_the_folder(world: World, reports: Folder) -> None:
    page = f"/en/workspaces/{world.workspace.uuid}/upload/?in={reports.uuid}"
    shown = get(world.contributor, page)
    assert "Reports" in shown.content.decode()
    sent = client_of(world.contributor).post(
        page,
        {
            "rung": "workspace",
            "recognisable": "no",
            "uploads": SimpleUploadedFile("note.txt", b"Some words."),
        },
    )
    assert f"in={reports.uuid}" in sent.headers["Location"]
    assert Document.objects.get(title="note").folder == reports


def test_folders_of_another_workspace_are_missing(world: World, reports: Folder) -> None:
    elsewhere = worlds.make_workspace(world.coalition)
    worlds.join(elsewhere, world.contributor, world.owner, "contributor")
    for end in ("", "change/"):
        path = f"/en/workspaces/{elsewhere.uuid}/folders/{reports.uuid}/{end}"
        assert get(world.contributor, path).status_code == 404
    for user in (world.colleague, world.stranger):
        for end in ("", "change/"):
            assert get(user, address(world, reports, end)).status_code == 404
            missing = f"/en/workspaces/{uuid4()}/folders/{reports.uuid}/{end}"
            assert get(user, missing).status_code == 404
