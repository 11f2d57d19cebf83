"""How much fits: what counts, what is refused in which words, what is kept meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from coalitions.documents import services, sweeping
from coalitions.documents.full import SpaceRefused
from coalitions.documents.models import Document, DocumentVersion, ResumableUpload
from coalitions.documents.purging import purge_document
from coalitions.documents.space import Fill, fill_of
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, send
from tests.documents.rooms import SIZE, add, limit
from tests.documents.tus import TEXT, Tus, row_of


# What counts ----------------------------------------------------------------------------------
def test_all_versions_count_also_in_the_trash_until_the_purge(world: World) -> None:
    document = add(world.workspace, world.contributor)
    longer = TEXT + b"more"
    services.add_version(
        acting_user=world.contributor, document=document, content=ContentFile(longer), name="a.txt"
    )
    whole = SIZE + len(longer)
    for place in (world.workspace, world.owner):
        assert fill_of(place).stored == whole
    assert fill_of(world.partner).stored == 0
    services.trash_document(acting_user=world.contributor, document=document)
    assert (fill_of(world.workspace).stored, fill_of(world.workspace).trashed) == (whole, whole)
    assert purge_document(document.pk)
    assert fill_of(world.workspace).stored == fill_of(world.owner).stored == 0


def test_a_restored_version_takes_no_room(world: World) -> None:
    document = add(world.workspace, world.contributor)
    services.add_version(
        acting_user=world.contributor, document=document, content=ContentFile(b"two"), name="a.txt"
    )
    limit(world.workspace, SIZE + 3)
    services.restore_version(acting_user=world.contributor, document=document, number=1, seen=2)
    assert document.versions.count() == 3
    assert fill_of(world.workspace).used == SIZE + 3


def test_an_upload_reserves_its_length_until_it_is_over(world: World, tus: Tus) -> None:
    path = tus.begun(5000)
    assert fill_of(world.workspace).coming == fill_of(world.owner).coming == 5000
    tus.ask("DELETE", path)
    assert fill_of(world.workspace).coming == 0
    path = tus.begun()
    tus.send(path, TEXT)
    assert (fill_of(world.workspace).coming, fill_of(world.workspace).stored) == (0, SIZE)
    path = tus.begun(7000)
    ResumableUpload.objects.filter(pk=row_of(path).pk).update(
        expires=timezone.now() - timedelta(seconds=1)
    )
    assert fill_of(world.workspace).coming == 0


def test_levels() -> None:
    def level(used: int, limit: int = 1000) -> str:
        return Fill(stored=used, trashed=0, coming=0, limit=limit).level

    assert [level(n) for n in (0, 799, 800, 949, 950, 999, 1000, 1001)] == [
        *["", "", "filling", "filling", "nearly", "nearly", "full", "full"]
    ]
    assert level(10**18, 0) == ""
    assert Fill(stored=2000, trashed=0, coming=0, limit=1000).percent == 100


def test_usual_limits_are_settings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WORKSPACE_MAX_BYTES", 10)
    monkeypatch.setattr(settings, "ORGANISATION_MAX_BYTES", 0)
    assert (fill_of(world.workspace).limit, fill_of(world.owner).limit) == (10, 0)
    with pytest.raises(SpaceRefused) as refused:
        add(world.workspace, world.contributor)
    assert refused.value.code == "workspace"
    limit(world.workspace, 0)
    add(world.workspace, world.contributor)


# The ends of each way in ----------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["workspace", "organisation"])
def test_the_service_refuses_what_does_not_fit_and_leaves_nothing(world: World, kind: str) -> None:
    limit(world.workspace if kind == "workspace" else world.owner, SIZE - 1)
    with pytest.raises(SpaceRefused) as refused:
        add(world.workspace, world.contributor)
    assert refused.value.code == kind
    assert not Document.objects.exists()
    assert not any(sweeping._folders(DocumentVersion._meta.get_field("file").storage))  # type: ignore[union-attr]
    add(world.workspace, world.contributor, TEXT[:-1])


def test_a_new_version_must_fit_too(world: World) -> None:
    document = add(world.workspace, world.contributor)
    limit(world.owner, SIZE + 2)
    with pytest.raises(SpaceRefused):
        services.add_version(
            acting_user=world.contributor, document=document, content=ContentFile(b"two"), name="a"
        )
    assert document.versions.count() == 1


def test_the_plain_form_keeps_what_was_typed(world: World) -> None:
    limit(world.workspace, 20)
    response = send(
        world,
        files.upload("fits.md", b"# Fits"),
        files.upload("long.md", b"# " + b"long " * 30),
        rung="organisation",
        language="fr",
    )
    page = response.content.decode()
    assert response.status_code == 507
    assert {document.title for document in Document.objects.all()} == {"fits"}
    assert "“long.md”: The space of this workspace is used up" in page
    assert '<option value="fr" selected>' in page
    assert "bytes" not in page.split("long.md", 1)[1].split("</li>", 1)[0]


def test_a_file_that_is_too_large_is_413(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DOCUMENT_MAX_BYTES", 10)
    response = send(world, files.upload("long.md", b"# " + b"long " * 30))
    assert response.status_code == 413
    assert "larger than" in response.content.decode()


def test_a_new_version_by_form_keeps_the_note(world: World) -> None:
    document = add(world.workspace, world.contributor)
    limit(world.workspace, SIZE)
    response = client_of(world.contributor).post(
        f"/en/documents/{document.uuid}/versions/add/",
        {"file": files.upload("b.txt", b"another"), "note": "Kept words"},
    )
    assert response.status_code == 507
    assert "Kept words" in response.content.decode()
    assert "used up" in response.content.decode()


def test_tus_refuses_at_the_start(world: World, tus: Tus) -> None:
    limit(world.workspace, SIZE)
    answer = tus.begin(SIZE + 1)
    assert answer.status_code == 507
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.content.decode() == (
        "The space of this workspace is used up: this file does not fit any more. Ask its "
        "coordinators.\n"
    )
    path = tus.begun(SIZE)
    assert tus.begin(1).status_code == 507  # the first has reserved it
    assert tus.send(path, TEXT).status_code == 204
    assert Document.objects.count() == 1


def test_tus_keeps_what_came_when_the_limit_was_lowered_meanwhile(world: World, tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:100])
    limit(world.workspace, 10)
    answer = tus.send(path, TEXT[100:], 100)
    assert answer.status_code == 507
    assert not Document.objects.exists()
    assert tus.offset(path) == SIZE
    assert tus.ask("GET", path).json()["state"] == "sending"
    sweeping.sweep()
    assert tus.send(path, b"", SIZE).status_code == 507
    limit(world.workspace, SIZE)
    assert tus.send(path, b"", SIZE).status_code == 204
    assert tus.ask("GET", path).json()["state"] == "stored"


def test_the_sweep_stores_it_when_there_is_room_again(
    world: World, tus: Tus, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tus.begun()
    limit(world.workspace, 10)
    assert tus.send(path, TEXT).status_code == 507
    monkeypatch.setattr("coalitions.documents.uploads.sweeping.LEFT_ALONE", timedelta(0))
    sweeping.sweep()
    assert not Document.objects.exists()
    limit(world.workspace, SIZE)
    sweeping.sweep()
    assert Document.objects.count() == 1
    assert row_of(path).state == "stored"
