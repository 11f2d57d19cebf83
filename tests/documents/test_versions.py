"""Versions and reservations: restoring, who is kept out while somebody edits, who may lift it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services, tasks
from coalitions.documents.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    Reservation,
    TextExtraction,
)
from coalitions.documents.purging import purge_document
from coalitions.documents.reserved import reservation_of, told_of, with_reservation
from coalitions.documents.services import DocumentReserved, ReservedMeanwhile, VersionRefused
from coalitions.documents.services.reserving import HOURS
from coalitions.documents.sweeping import sweep
from coalitions.network.models import AuditEntry
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World


def add(world: World, document: Document, text: str, by: User | None = None) -> DocumentVersion:
    return services.add_version(
        acting_user=by or world.contributor,
        document=document,
        content=files.content(files.pdf(text)),
        name="next.pdf",
    )


def restore(
    world: World, document: Document, number: int, seen: int, by: User | None = None
) -> DocumentVersion:
    return services.restore_version(
        acting_user=by or world.contributor, document=document, number=number, seen=seen
    )


def reserve(document: Document, by: User, hours: int = 2) -> Reservation:
    return services.reserve_document(acting_user=by, document=document, hours=hours)


def test_an_old_version_becomes_the_newest(world: World, document: Document) -> None:
    second = add(world, document, "Another text")
    old = document.versions.get(number=1)
    restored = restore(world, document, 1, seen=2, by=world.editor)
    assert (restored.number, restored.restored_from, restored.uploader) == (3, 1, world.editor)
    assert (restored.sha256, restored.file.name) == (old.sha256, old.file.name)
    assert document.current_version == restored
    texts = DocumentPage.objects.filter(version=restored).values_list("text", flat=True)
    assert list(texts) == ["Alpha page", "The rights of the child", "Gamma page"]
    job = TextExtraction.objects.get(version=restored)
    assert (job.state, job.page_count) == (TextExtraction.State.DONE, 3)
    assert list(document.versions.values_list("number", flat=True)) == [3, 2, 1]
    assert AuditEntry.objects.filter(verb="version.added", object_uuid=restored.uuid).exists()
    assert second.file.name != restored.file.name
    with restored.file.storage.open(str(restored.file.name)) as file:
        assert file.read().startswith(b"%PDF")
    sweep()
    assert restored.file.storage.exists(str(restored.file.name))


def test_a_text_that_was_never_read_is_read(world: World, document: Document) -> None:
    waiting = add(world, document, "Unread words")
    add(world, document, "Third")
    restored = restore(world, document, waiting.number, seen=3)
    assert TextExtraction.objects.get(version=restored).state == TextExtraction.State.WAITING
    tasks.extract(restored.pk)
    assert DocumentPage.objects.get(version=restored).text == "Unread words"


@pytest.mark.parametrize(
    ("number", "seen", "code"),
    [(7, 2, "absent"), (0, 2, "absent"), (1, 1, "meanwhile"), (2, 2, "newest")],
)
def test_what_cannot_be_restored(
    world: World, document: Document, number: int, seen: int, code: str
) -> None:
    add(world, document, "Another text")
    with pytest.raises(VersionRefused) as refused:
        restore(world, document, number, seen)
    assert refused.value.code == code
    assert refused.value.message
    assert document.versions.count() == 2


def test_restoring_twice_by_one_form_adds_once(world: World, document: Document) -> None:
    add(world, document, "Another text")
    first = restore(world, document, 1, seen=2)
    assert restore(world, document, 1, seen=2) == first
    with pytest.raises(VersionRefused, match="meanwhile"):
        restore(world, document, 1, seen=2, by=world.editor)
    with pytest.raises(VersionRefused, match="newest"):
        restore(world, document, 1, seen=3)


def test_a_file_that_is_gone_is_not_restored(world: World, document: Document) -> None:
    old = document.versions.get(number=1)
    add(world, document, "Another text")
    old.file.storage.delete(str(old.file.name))
    with pytest.raises(VersionRefused, match="lost"):
        restore(world, document, 1, seen=2)


def test_who_may_restore(world: World, document: Document) -> None:
    add(world, document, "Another text")
    for user in (world.reader, world.coordinator, world.colleague, world.stranger):
        with pytest.raises(NotAllowed):
            restore(world, document, 1, seen=2, by=user)
        with pytest.raises(NotAllowed):
            reserve(document, user)
    assert document.versions.count() == 2
    assert not Reservation.objects.exists()


def test_a_reservation_keeps_others_out(world: World, document: Document) -> None:
    held = reserve(document, world.contributor)
    assert held.until is not None
    assert held.organisation == world.owner
    with pytest.raises(DocumentReserved) as refused:
        add(world, document, "By somebody else", by=world.editor)
    assert "done" in refused.value.message
    add(world, document, "By the holder")
    with pytest.raises(DocumentReserved):
        restore(world, document, 1, seen=2, by=world.editor)
    with pytest.raises(DocumentReserved):
        reserve(document, world.editor)
    assert document.versions.count() == 2
    assert not list(held.document.versions.first().file.storage.listdir("")[1])


def test_a_reservation_expires_by_itself(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = reserve(document, world.contributor, hours=1)
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert not held.is_in_force()
    assert told_of(document, viewer_for(world.editor)) is None
    assert add(world, document, "After the hour", by=world.editor).number == 2
    assert reserve(document, world.editor).person == world.editor


def test_a_reservation_ends_with_its_holders_sight(world: World, document: Document) -> None:
    """It keeps nobody out, is told to nobody, and does not come back when another began."""
    held = reserve(document, world.contributor, hours=168)
    viewer = viewer_for(world.editor)

    def listed() -> Any:
        return with_reservation(Document.objects.filter(pk=document.pk), viewer).get()

    assert listed().reserved_until == held.until
    placed = world.contributor.workspace_memberships.get()
    affiliated = world.contributor.affiliations.get()
    placed.end()
    affiliated.end()
    assert reservation_of(document) is None
    assert told_of(document, viewer) is None
    assert listed().reserved_until is None
    add(world, document, "another", by=world.editor)
    second = reserve(document, world.editor)
    type(placed).objects.filter(pk=placed.pk).update(until=None)
    type(affiliated).objects.filter(pk=affiliated.pk).update(until=None)
    assert reservation_of(document) == second
    assert Reservation.objects.in_force().get() == second


def test_a_step_back_ends_the_reservation_of_who_is_left_out(world: World) -> None:
    """An editor who is not in the workspace sees no document of its members only."""
    world.colleague.affiliations.update(role="editor")
    secret = worlds.make_workspace(world.coalition, need_to_know=True)
    worlds.join(secret, world.editor, world.owner, "contributor")
    document = worlds.make_document(secret, world.owner, rung="organisation")
    held = reserve(document, world.colleague)
    assert reservation_of(document) == held
    services.share_document(acting_user=world.editor, document=document, rung="members")
    assert reservation_of(document) is None
    assert reserve(document, world.editor).person == world.editor


def test_reserving_again_replaces_ones_own(world: World, document: Document) -> None:
    first = reserve(document, world.contributor, hours=168)
    second = reserve(document, world.contributor, hours=1)
    first.refresh_from_db()
    assert first.until == second.since
    assert Reservation.objects.in_force().get() == second
    for hours in (0, -1, 3, 169, 10**9):
        with pytest.raises(ValueError, match="a week at most"):
            reserve(document, world.contributor, hours=hours)
    assert max(HOURS) == 7 * 24


def test_who_may_lift(world: World, document: Document) -> None:
    another = worlds.make_person(world.owner)
    worlds.join(world.workspace, another, world.owner, "contributor")
    for lifter in (world.coordinator, world.editor, world.contributor):
        held = reserve(document, world.contributor)
        for user in (another, world.reader, world.colleague, world.stranger):
            with pytest.raises(NotAllowed):
                services.lift_reservation(acting_user=user, document=document, seen=held.uuid)
        services.lift_reservation(acting_user=lifter, document=document, seen=held.uuid)
        held.refresh_from_db()
        assert not held.is_in_force()
        assert held.lifted_by == lifter
    assert AuditEntry.objects.filter(verb="document.reservation-lifted").count() == 3


def test_only_the_seen_reservation_is_lifted(world: World, document: Document) -> None:
    first = reserve(document, world.contributor)
    services.lift_reservation(acting_user=world.contributor, document=document, seen=first.uuid)
    services.lift_reservation(acting_user=world.contributor, document=document, seen=first.uuid)
    second = reserve(document, world.editor)
    for seen in (first.uuid, uuid4()):
        with pytest.raises(ReservedMeanwhile):
            services.lift_reservation(acting_user=world.coordinator, document=document, seen=seen)
    assert Reservation.objects.in_force().get() == second


def test_a_coordinator_who_does_not_see_it_lifts_nothing(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    held = reserve(document, world.contributor)
    with pytest.raises(NotAllowed):
        services.lift_reservation(acting_user=world.coordinator, document=document, seen=held.uuid)


def test_who_is_told(world: World, document: Document) -> None:
    reserve(document, world.contributor)
    services.share_document(acting_user=world.editor, document=document, rung="public")
    told = {
        name: told_of(document, viewer_for(getattr(world, name)))
        for name in ("contributor", "reader", "colleague", "stranger")
    }
    assert told["contributor"] is not None
    assert told["contributor"].is_own
    assert told["reader"] is not None
    assert told["reader"].person == world.contributor.name
    assert told["colleague"] is not None
    assert told["stranger"] is None
    assert told_of(document, viewer_for(None)) is None


def test_what_was_restored_and_reserved_is_purged_whole(world: World, document: Document) -> None:
    add(world, document, "Another text")
    restored = restore(world, document, 1, seen=2)
    reserve(document, world.contributor)
    services.trash_document(acting_user=world.editor, document=document)
    assert purge_document(document.pk)
    assert not DocumentVersion.objects.exists()
    assert not Reservation.objects.exists()
    assert not restored.file.storage.exists(str(restored.file.name))
