"""Folders: names, places, who may change them, and two people at one moment."""

import pytest

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.folder_names import FolderRefused, folder_key, folder_name
from coalitions.documents.models import Document, Folder
from coalitions.documents.tree import Tree
from coalitions.network.models import AuditEntry
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents.conftest import World


def make(world: World, name: str, parent: Folder | None = None, by: User | None = None) -> Folder:
    return services.make_folder(
        acting_user=by or world.contributor, workspace=world.workspace, name=name, parent=parent
    )


def rename(*, acting_user: User, folder: Folder, name: str, revision: int) -> Folder:
    return services.change_folder(
        acting_user=acting_user, folder=folder, name=name, parent=folder.parent, revision=revision
    )


def move(*, acting_user: User, folder: Folder, parent: Folder | None, revision: int) -> Folder:
    return services.change_folder(
        acting_user=acting_user, folder=folder, name=folder.name, parent=parent, revision=revision
    )


def refusal_of(act: object, **arguments: object) -> str:
    assert callable(act)
    with pytest.raises(FolderRefused) as refused:
        act(**arguments)
    assert refused.value.message
    return refused.value.code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Field   reports ", "Field reports"),
        ("Café\x00", "Café"),
        ("e\u0301te\u0301", "été"),
        ("تقارير", "تقارير"),
        ("Report v1.", "Report v1"),
        ("ก", "ก"),
    ],
)
def test_names_are_tidied(typed: str, kept: str) -> None:
    assert folder_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" \u200b ", "empty"),
        ("..", "empty"),
        ("x" * 300, "long"),
        ("\ufdfa" * 120, "long"),
        ("a/b", "signs"),
        ("a\\b", "signs"),
        ("CON", "device"),
        ("lpt1.txt", "device"),
        ("\ud800", "empty"),
    ],
)
def test_names_that_a_folder_cannot_have(typed: str, code: str) -> None:
    assert refusal_of(folder_name, typed=typed) == code


def test_names_that_are_the_same(world: World) -> None:
    first = make(world, "Réunions")
    for other in ("reunions", "RÉUNIONS", "Re\u0301unions", " réunions "):
        assert folder_key(other) == first.key
        assert (
            refusal_of(
                services.make_folder,
                acting_user=world.contributor,
                workspace=world.workspace,
                name=other,
            )
            == "taken"
        )
    inner = make(world, "Réunions", first)
    assert inner.parent == first
    # Signs that folding takes away must not make all such names one.
    assert folder_key("☂") != folder_key("☀")


def test_at_most_twelve_levels(world: World) -> None:
    folder = None
    for level in range(12):
        folder = make(world, f"Level {level + 1}", folder)
    assert (
        refusal_of(
            services.make_folder,
            acting_user=world.contributor,
            workspace=world.workspace,
            name="Level 13",
            parent=folder,
        )
        == "deep"
    )
    tall = make(world, "Tall")
    make(world, "Inner", tall)
    tree = Tree.of(world.workspace)
    eleventh = tree.path(folder)[10]
    assert (
        refusal_of(
            move,
            acting_user=world.contributor,
            folder=tall,
            parent=eleventh,
            revision=1,
        )
        == "deep"
    )


def test_moving_takes_everything_along(world: World, document: Document) -> None:
    reports, archive = make(world, "Reports"), make(world, "Archive")
    year = make(world, "2026", reports)
    services.move_document(
        acting_user=world.contributor, document=document, folder=year, seen_in=None
    )
    moved = move(acting_user=world.contributor, folder=reports, parent=archive, revision=1)
    assert moved.revision == 2
    document.refresh_from_db()
    assert document.folder is not None
    path = Tree.of(world.workspace).path(document.folder)
    assert [folder.name for folder in path] == ["Archive", "Reports", "2026"]
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="folder.").values_list("verb", "details")
    )
    assert ("folder.moved", {"parent": str(archive.uuid)}) in verbs


def test_a_folder_cannot_be_moved_into_itself(world: World) -> None:
    outer = make(world, "Outer")
    inner = make(world, "Inner", outer)
    for parent in (outer, inner):
        code = refusal_of(
            move,
            acting_user=world.coordinator,
            folder=outer,
            parent=parent,
            revision=1,
        )
        assert code == "inside"


def test_the_later_of_two_changes_is_told(world: World, document: Document) -> None:
    folder, other = make(world, "Plans"), make(world, "Other")
    rename(acting_user=world.coordinator, folder=folder, name="Plans 2026", revision=1)
    arguments = {"acting_user": world.contributor, "folder": folder, "revision": 1}
    assert refusal_of(rename, name="Our plans", **arguments) == "meanwhile"
    assert refusal_of(move, parent=other, **arguments) == "meanwhile"
    put = {"acting_user": world.contributor, "document": document, "seen_in": None}
    services.move_document(folder=folder, **put)
    assert refusal_of(services.move_document, folder=other, **put) == "meanwhile"
    # The same wish twice is no quarrel.
    services.move_document(folder=folder, **put)


def test_renaming_keeps_the_place_and_may_change_the_case(world: World) -> None:
    folder = make(world, "plans")
    make(world, "Minutes")
    renamed = rename(acting_user=world.contributor, folder=folder, name="Plans", revision=1)
    assert renamed.name == "Plans"
    arguments = {"acting_user": world.contributor, "folder": folder, "revision": 2}
    assert refusal_of(rename, name="MINUTES", **arguments) == "taken"


def test_who_may_arrange(world: World) -> None:
    mine, theirs = make(world, "Mine"), make(world, "Theirs", by=world.coordinator)
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            make(world, "Never", by=user)
        with pytest.raises(NotAllowed):
            rename(acting_user=user, folder=mine, name="Never", revision=1)
    with pytest.raises(NotAllowed):
        rename(acting_user=world.contributor, folder=theirs, name="Never", revision=1)
    rename(acting_user=world.coordinator, folder=mine, name="Ours", revision=1)
    assert set(Folder.objects.values_list("name", flat=True)) == {"Ours", "Theirs"}


def test_who_may_move_a_document(world: World, document: Document) -> None:
    folder = make(world, "Here")
    for user in (world.reader, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            services.move_document(acting_user=user, document=document, folder=folder, seen_in=None)
    before = Document.objects.get(pk=document.pk).changed
    services.move_document(
        acting_user=world.coordinator, document=document, folder=folder, seen_in=None
    )
    after = Document.objects.get(pk=document.pk)
    assert (after.folder, after.changed) == (folder, before)
    closed = services.share_document(
        acting_user=world.editor, document=document, rung="organisation"
    )
    assert closed.rung == "organisation"
    with pytest.raises(NotAllowed):
        services.move_document(
            acting_user=world.coordinator, document=document, folder=None, seen_in=folder
        )


def test_a_folder_of_another_workspace_is_no_place(world: World, document: Document) -> None:
    elsewhere = worlds.make_workspace(world.coalition)
    worlds.join(elsewhere, world.contributor, world.owner, "contributor")
    foreign = services.make_folder(
        acting_user=world.contributor, workspace=elsewhere, name="Foreign"
    )
    code = refusal_of(
        services.move_document,
        acting_user=world.contributor,
        document=document,
        folder=foreign,
        seen_in=None,
    )
    assert code == "elsewhere"
    assert (
        refusal_of(
            services.make_folder,
            acting_user=world.contributor,
            workspace=world.workspace,
            name="In it",
            parent=foreign,
        )
        == "elsewhere"
    )


def test_folders_are_known_to_members_alone(world: World) -> None:
    make(world, "Known")
    for user, count in ((world.reader, 1), (world.editor, 1), (world.colleague, 0), (None, 0)):
        assert Folder.objects.visible_to(viewer_for(user)).count() == count
