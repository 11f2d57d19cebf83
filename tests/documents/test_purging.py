"""Deleting for good: when, by whom, and that nothing is left but the audit row."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import purging, services, sweeping
from coalitions.documents.images import image_folder
from coalitions.documents.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    Folder,
    TextExtraction,
)
from coalitions.documents.purging import purge_expired
from coalitions.documents.tasks import purge_trash
from coalitions.network.models import AuditEntry
from portal.schedule import SCHEDULE
from search import engines
from search.engines.embedded import expunging
from search.models import EmbeddedState, Entry
from search.outbox import drain
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World


def days_ago(number: int) -> Any:
    return timezone.now() - timedelta(days=number)


def age(thing: Document | Folder, days: int) -> None:
    type(thing).objects.filter(pk=thing.pk).update(trashed=days_ago(days))


def stored() -> list[Path]:
    root = Path(settings.VAR_DIR) / "documents"
    return [path for path in root.rglob("*") if path.is_file()]


def test_after_its_time_everything_is_gone_but_the_audit(world: World, document: Document) -> None:
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(b"Second words"),
        name="second.txt",
    )
    translation = worlds.make_document(world.workspace, world.owner, translation_of=document)
    pictures = [image_folder() / str(version.uuid) for version in document.versions.all()]
    for folder in pictures:
        folder.mkdir(exist_ok=True)
        (folder / "1-1000.png").write_bytes(b"picture")
    assert len(stored()) == 2
    services.trash_document(acting_user=world.contributor, document=document)
    age(document, settings.DOCUMENT_TRASH_DAYS - 1)
    purge_trash()
    assert Document.objects.filter(pk=document.pk).exists()
    age(document, settings.DOCUMENT_TRASH_DAYS + 1)
    purge_trash()
    purge_trash()
    assert list(Document.objects.all()) == [translation]
    translation.refresh_from_db()
    assert translation.translation_of is None
    assert stored() == []
    assert not any(folder.exists() for folder in pictures)
    for model in (DocumentPage, TextExtraction):
        assert not model.objects.exists()
    assert list(DocumentVersion.objects.values_list("document", flat=True)) == [translation.pk]
    (entry,) = AuditEntry.objects.filter(object_uuid=document.uuid, verb="document.purged")
    assert (entry.actor, entry.details) == (None, {"versions": 2})


def test_the_number_of_days_is_a_setting(world: World, settings: Any) -> None:
    document = worlds.make_document(world.workspace, world.owner, trashed=days_ago(8))
    settings.DOCUMENT_TRASH_DAYS = 9
    assert purge_expired() == 0
    settings.DOCUMENT_TRASH_DAYS = 7
    assert purge_expired() == 1
    assert not Document.objects.filter(pk=document.pk).exists()


def test_it_runs_every_night() -> None:
    assert SCHEDULE["purge-trash"]["task"] == purge_trash.name


def test_what_is_not_in_the_trash_is_never_purged(world: World, document: Document) -> None:
    assert not purging.purge_document(document.pk)
    services.trash_document(acting_user=world.contributor, document=document)
    age(document, 90)
    services.restore_document(acting_user=world.contributor, document=document)
    assert purge_expired() == 0
    assert len(stored()) == 1


def test_one_that_fails_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        worlds.make_document(world.workspace, world.owner, trashed=days_ago(40)) for _ in range(2)
    )
    original = purging._delete_rows

    def delete(document: Document) -> None:
        if document.pk == first.pk:
            raise RuntimeError("the disk is full")
        original(document)

    monkeypatch.setattr(purging, "_delete_rows", delete)
    assert purge_expired() == 1
    assert list(Document.objects.all()) == [first]
    monkeypatch.undo()
    assert purge_expired() == 1
    assert second.pk != first.pk


def test_folders_are_purged_and_what_named_them_is_at_the_top(world: World) -> None:
    outer, inner = (
        services.make_folder(acting_user=world.contributor, workspace=world.workspace, name=name)
        for name in ("Outer", "Inner")
    )
    services.change_folder(
        acting_user=world.contributor, folder=inner, name="Inner", parent=outer, revision=1
    )
    kept = worlds.make_document(
        world.workspace, world.owner, folder=inner, rung="workspace", trashed=timezone.now()
    )
    services.trash_folder(acting_user=world.contributor, folder=outer, revision=1)
    Folder.objects.update(trashed=days_ago(40))
    assert purge_expired() == 2
    assert not Folder.objects.exists()
    services.restore_document(acting_user=world.contributor, document=kept)
    kept.refresh_from_db()
    assert (kept.folder, kept.trashed) == (None, None)
    assert AuditEntry.objects.filter(verb="folder.purged").count() == 2
    moved = AuditEntry.objects.filter(verb="document.moved", object_uuid=kept.uuid)
    assert moved.get().details == {"before": str(inner.uuid), "after": ""}


def test_nothing_that_protects_a_document_is_forgotten() -> None:
    """Rows that refuse the deletion of a document are deleted by name; a new kind fails here."""
    known = {"audiences", "versions", "translations", "current_of"}
    for model in (Document, DocumentVersion):
        for relation in model._meta.related_objects:
            if relation.on_delete in (models.PROTECT, models.RESTRICT, models.DO_NOTHING):
                assert relation.get_accessor_name() in known, relation


def test_only_the_owners_editors_delete_at_once(world: World, document: Document) -> None:
    with pytest.raises(NotAllowed):  # not in the trash
        services.delete_for_good(acting_user=world.editor, document=document)
    services.trash_document(acting_user=world.coordinator, document=document)
    root = worlds.make_person(is_superuser=True, is_staff=True)
    for user in (
        world.coordinator,
        world.contributor,
        world.reader,
        world.colleague,
        world.stranger,
        root,
    ):
        with pytest.raises(NotAllowed):
            services.delete_for_good(acting_user=user, document=document)
    assert services.delete_for_good(acting_user=world.editor, document=document)
    assert stored() == []
    (entry,) = AuditEntry.objects.filter(verb="document.purged")
    assert (entry.actor, entry.acting_organisation) == (world.editor.uuid, world.owner.uuid)


def test_a_coordinator_who_acts_for_the_owner_does_not_delete(
    world: World, document: Document
) -> None:
    coordinator = worlds.make_person(world.owner)
    worlds.join(world.workspace, coordinator, world.owner, "coordinator")
    services.trash_document(acting_user=coordinator, document=document)
    with pytest.raises(NotAllowed):
        services.delete_for_good(acting_user=coordinator, document=document)


def test_the_sweep_removes_pictures_of_versions_that_are_gone(document: Document) -> None:
    version = document.current_version
    assert version is not None
    kept = image_folder() / str(version.uuid)
    gone = image_folder() / str(document.uuid)
    for folder in (kept, gone):
        folder.mkdir(exist_ok=True)
    sweeping.sweep()
    assert (kept.exists(), gone.exists()) == (True, False)


def test_search_is_wiped_when_it_has_learned_of_the_trash(world: World, document: Document) -> None:
    drain()
    assert Entry.objects.filter(family=str(document.uuid)).exists()
    services.trash_document(acting_user=world.contributor, document=document)
    assert services.delete_for_good(acting_user=world.editor, document=document)
    noted = EmbeddedState.objects.filter(name=expunging.NAME)
    engines.embedded().tidy()
    assert noted.exists()  # the index is behind: not yet
    drain()
    engines.embedded().tidy()
    assert not noted.exists()
    assert not Entry.objects.filter(family=str(document.uuid)).exists()
