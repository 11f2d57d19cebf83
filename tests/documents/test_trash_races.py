"""Two people at one moment: each act is whole, and the later one is told."""

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.models import Document, Folder
from coalitions.documents.purging import purge_document
from coalitions.documents.tree import Tree
from tests import worlds
from tests.at_once import at_once, real_connections
from tests.documents.conftest import World

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")
REFUSALS = (FolderRefused, NotAllowed)


@pytest.fixture
def folder(world: World) -> Folder:
    return services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name="Plans"
    )


def put(world: World, folder: Folder | None) -> Document:
    return worlds.make_document(world.workspace, world.owner, folder=folder, rung="workspace")


def is_whole(folder: Folder, *documents: Document) -> bool:
    """Whether no visible document lies in a trashed folder, and what went with it is trashed."""
    folder.refresh_from_db()
    for document in documents:
        document.refresh_from_db()
        in_it = document.folder_id == folder.pk
        if in_it and document.trashed is None and folder.trashed is not None:
            return False
        if document.trashed_with_id and (folder.trashed is None or document.trashed is None):
            return False
    return True


def test_two_trash_one_folder(world: World, folder: Folder) -> None:
    document = put(world, folder)

    def trash(user: str) -> None:
        services.trash_folder(acting_user=getattr(world, user), folder=folder, revision=1)

    refusals = at_once(lambda: trash("contributor"), lambda: trash("coordinator"), refused=REFUSALS)
    assert [refusal.code for refusal in refusals] == ["elsewhere"]  # type: ignore[attr-defined]
    assert is_whole(folder, document)
    assert document.trashed_with == folder


def test_one_renames_and_one_trashes_a_folder(world: World, folder: Folder) -> None:
    document = put(world, folder)
    refusals = at_once(
        lambda: services.change_folder(
            acting_user=world.coordinator, folder=folder, name="Ours", parent=None, revision=1
        ),
        lambda: services.trash_folder(acting_user=world.contributor, folder=folder, revision=1),
        refused=REFUSALS,
    )
    assert len(refusals) == 1
    assert is_whole(folder, document)


def test_one_moves_a_document_out_and_one_trashes_its_folder(world: World, folder: Folder) -> None:
    document = put(world, folder)
    refusals = at_once(
        lambda: services.move_document(
            acting_user=world.coordinator, document=document, folder=None, seen_in=folder
        ),
        lambda: services.trash_folder(acting_user=world.contributor, folder=folder, revision=1),
        refused=REFUSALS,
    )
    assert is_whole(folder, document)
    assert (document.folder is None) == (not refusals)
    assert (document.trashed is None) == (not refusals)


def test_one_uploads_into_a_folder_and_one_trashes_it(world: World, folder: Folder) -> None:
    from tests.documents import files

    at_once(
        lambda: services.add_document(
            acting_user=world.contributor,
            workspace=world.workspace,
            folder=folder,
            content=files.content(b"Words"),
            name="words.txt",
        ),
        lambda: services.trash_folder(acting_user=world.contributor, folder=folder, revision=1),
        refused=(),
    )
    document = Document.objects.get()
    assert is_whole(folder, document)
    assert document.folder is None or document.trashed_with == folder


def test_two_trash_one_document(world: World) -> None:
    document = put(world, None)
    done: list[bool] = []

    def trash(user: str) -> None:
        done.append(services.trash_document(acting_user=getattr(world, user), document=document))

    assert not at_once(lambda: trash("contributor"), lambda: trash("editor"), refused=REFUSALS)
    assert sorted(done) == [False, True]


def test_one_edits_and_one_trashes_a_document(world: World) -> None:
    document = put(world, None)
    refusals = at_once(
        lambda: services.edit_details(
            acting_user=world.editor, document=document, title="New title"
        ),
        lambda: services.trash_document(acting_user=world.contributor, document=document),
        refused=REFUSALS,
    )
    document.refresh_from_db()
    assert document.trashed is not None
    assert (document.title == "New title") == (not refusals)


def test_one_restores_and_one_deletes_for_good(world: World) -> None:
    document = put(world, None)
    services.trash_document(acting_user=world.contributor, document=document)
    at_once(
        lambda: services.restore_document(acting_user=world.contributor, document=document),
        lambda: services.delete_for_good(acting_user=world.editor, document=document),
        refused=REFUSALS,
    )
    left = Document.objects.first()
    assert left is None or (left.trashed is None and left.versions.count() == 1)


def test_two_purges_delete_once(world: World) -> None:
    document = put(world, None)
    Document.objects.update(trashed=timezone.now())
    done: list[bool] = []

    def purge() -> None:
        done.append(purge_document(document.pk))

    at_once(purge, purge, refused=())
    assert sorted(done) == [False, True]


def test_one_restores_a_folder_and_one_takes_its_name(world: World, folder: Folder) -> None:
    services.trash_folder(acting_user=world.contributor, folder=folder, revision=1)
    refusals = at_once(
        lambda: services.restore_folder(acting_user=world.contributor, folder=folder),
        lambda: services.make_folder(
            acting_user=world.coordinator, workspace=world.workspace, name="plans"
        ),
        refused=REFUSALS,
    )
    names = sorted(f.name for f, _ in Tree.of(world.workspace).listed())
    assert names == (["Plans"] if refusals else ["Plans (2)", "plans"])
