"""What is left free of the disk, who learns figures, who sets limits, how many folders fit."""

from __future__ import annotations

import errno
from collections import namedtuple
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.management import CommandError, call_command

from coalitions.access import NotAllowed
from coalitions.documents import full, services
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.full import SpaceRefused
from coalitions.documents.models import Document, Folder, Space
from coalitions.documents.space import fill_of
from coalitions.documents.uploads import parts
from coalitions.documents.uploads.pace import arriving
from coalitions.network.models import AuditEntry
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import send
from tests.documents.rooms import SIZE, add, limit
from tests.documents.tus import TEXT, Tus

# The disk -------------------------------------------------------------------------------------
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def little_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def leave(free: int) -> None:
        reserve = settings.UPLOAD_DISK_RESERVE
        monkeypatch.setattr(full.shutil, "disk_usage", lambda _path: Usage(0, 0, free + reserve))

    return leave


def test_the_reserve_is_kept_in_the_middle_of_an_upload(tus: Tus, little_disk: Any) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:100])
    little_disk(50)
    answer = tus.send(path, TEXT[100:], 100)
    assert answer.status_code == 507
    assert "Nothing is lost" in answer.content.decode()
    assert tus.offset(path) == 100
    little_disk(SIZE)
    assert tus.send(path, TEXT[100:], 100).status_code == 204


def test_a_full_disk_is_said_by_the_plain_form(world: World, little_disk: Any) -> None:
    little_disk(-1)
    response = send(world, files.upload("a.md", b"# A"))
    assert response.status_code == 507
    assert "There is no room for this file at present" in response.content.decode()


def test_a_disk_that_fills_up_meanwhile_is_said_by_the_plain_form(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_self: Any, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(TemporaryUploadedFile, "write", write, raising=False)
    response = send(world, files.upload("a.md", b"# A"))
    assert response.status_code == 507
    assert "There is no room for this file at present" in response.content.decode()


def test_a_disk_that_is_full_at_the_end_keeps_the_upload(
    tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(_incoming: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    path = tus.begun()
    with monkeypatch.context() as patched:
        patched.setattr("coalitions.documents.services.adding.store", store)
        assert tus.send(path, TEXT).status_code == 507
    assert tus.send(path, b"", SIZE).status_code == 204
    assert Document.objects.count() == 1
    assert list(parts.parts_folder().glob("*-*")) == []


def test_some_threads_are_left_for_pages(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOADS_PER_PROCESS", 1)
    path = tus.begun()
    with arriving():
        answer = tus.send(path, TEXT)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert tus.send(path, TEXT).status_code == 204


# Who learns figures ---------------------------------------------------------------------------
def test_figures_are_told_to_those_who_look_after_the_room_alone(world: World) -> None:
    administrator = worlds.make_person(world.owner, "administrator")
    coordinator = worlds.make_person(world.owner)
    worlds.join(world.workspace, administrator, world.owner, "contributor")
    worlds.join(world.workspace, coordinator, world.owner, "coordinator")
    for place, kept, plain in (
        (world.workspace, coordinator, administrator),
        (world.owner, administrator, coordinator),
    ):
        limit(place, 1024)
        told = [refusal(world, user) for user in (kept, plain, world.contributor)]
        assert "1.0\xa0KB" in told[0]
        assert "for good" in told[0]
        for message in told[1:]:
            assert not any(sign.isdigit() for sign in message)
            assert "Ask its" in message
        limit(place, 10**9)


def refusal(world: World, user: User) -> str:
    """What this person is told about a file that does not fit."""
    with pytest.raises(SpaceRefused) as refused:
        add(world.workspace, user)
    return refused.value.message


# Limits ---------------------------------------------------------------------------------------
def test_a_secretariat_sets_limits_and_the_audit_keeps_it(world: World, keeper: User) -> None:
    for place in (world.workspace, world.owner):
        services.set_limit(place, limit=5000, acting_user=keeper)
        services.set_limit(place, limit=5000, acting_user=keeper)
        entry = AuditEntry.objects.get(verb="space.limit_set", object_uuid=place.uuid)
        assert (entry.actor, entry.details) == (keeper.uuid, {"before": None, "after": 5000})
        assert fill_of(place).limit == 5000
    for user in (world.coordinator, world.editor, world.stranger):
        with pytest.raises(NotAllowed):
            services.set_limit(world.workspace, limit=None, acting_user=user)
    services.set_limit(world.workspace, limit=None, acting_user=keeper)
    assert fill_of(world.workspace).limit == settings.WORKSPACE_MAX_BYTES


def test_the_operators_set_limits_by_command(world: World) -> None:
    add(world.workspace, world.contributor)
    said = StringIO()
    call_command("space_limit", world.workspace.reference.lower(), "2.5", stdout=said)
    assert f"{SIZE / 1024:.1f}\xa0KB of 2.5\xa0GB used" in said.getvalue()
    assert AuditEntry.objects.get(verb="space.limit_set").actor is None
    call_command("space_limit", world.owner.slug, "0", stdout=said)
    assert Space.objects.get(organisation=world.owner).limit == 0
    call_command("space_limit", world.owner.slug, "usual", stdout=said)
    assert Space.objects.get(organisation=world.owner).limit is None
    for wrong in ("-1", "many", "NaN", "1e30", "Infinity"):
        with pytest.raises(CommandError):
            call_command("space_limit", world.owner.slug, "--", wrong)
    with pytest.raises(CommandError):
        call_command("space_limit", "W-0000")


# The number of folders ------------------------------------------------------------------------
@pytest.fixture
def few_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WORKSPACE_MAX_FOLDERS", 3)


def make(world: World, name: str, parent: Folder | None = None) -> Folder:
    return services.make_folder(
        acting_user=world.contributor, workspace=world.workspace, name=name, parent=parent
    )


@pytest.mark.usefixtures("few_folders")
def test_a_workspace_holds_so_many_folders(world: World) -> None:
    first = make(world, "One")
    make(world, "Two", first)
    make(world, "Three")
    with pytest.raises(FolderRefused) as refused:
        make(world, "Four")
    assert refused.value.code == "many"
    assert "at most 3 folders" in refused.value.message
    services.trash_folder(acting_user=world.contributor, folder=first, revision=1)
    make(world, "Four")
    make(world, "Five")
    with pytest.raises(FolderRefused):
        services.restore_folder(acting_user=world.contributor, folder=first)
    first.refresh_from_db()
    assert first.trashed is not None


@pytest.mark.usefixtures("few_folders")
def test_folders_of_an_upload_are_counted_before_any_is_made(world: World, tus: Tus) -> None:
    make(world, "Plans")
    assert tus.begin(SIZE, relativePath="plans/a/b/lanterns.txt").status_code == 201
    answer = tus.begin(SIZE, relativePath="new/a/b/lanterns.txt")
    assert answer.status_code == 422
    assert "at most 3 folders" in answer.content.decode()
    assert Folder.objects.count() == 1
