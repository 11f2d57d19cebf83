"""Two at one moment, over a check for viruses: one verdict, one mail, nothing opens unchecked."""

from functools import partial

import pytest
from django.conf import settings
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import checked, extraction, scanning, services
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, VirusScan
from coalitions.documents.services import VersionRefused
from coalitions.network.models import AuditEntry
from portal.notifications.models import OutgoingMail
from tests.at_once import at_once, real_connections
from tests.documents import files
from tests.documents.clamd_server import EICAR, StandIn
from tests.documents.conftest import World

__all__ = ["real_connections"]

pytestmark = pytest.mark.usefixtures("real_connections")


def add(world: World, data: bytes, name: str = "note.txt") -> Document:
    """Add a document that is still to be checked: nobody answered when it came."""
    url = settings.CLAMD_URL
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    try:
        document = services.add_document(
            acting_user=world.contributor,
            workspace=world.workspace,
            content=files.content(data),
            name=name,
        )
    finally:
        settings.CLAMD_URL = url
    waiting = VirusScan.objects.filter(version__document=document, state="waiting")
    assert waiting.update(next_attempt=timezone.now()) == 1
    return document


def test_two_workers_and_the_sweep(world: World, scanner: StandIn) -> None:
    version = add(world, EICAR).current_version
    assert version is not None
    look = partial(scanning.scan_version, version.pk)
    at_once(look, look, scanning.scan_waiting, refused=())
    assert VirusScan.objects.get().state == "infected"
    assert AuditEntry.objects.filter(verb="version.quarantined").count() == 1
    assert OutgoingMail.objects.filter(kind="quarantine").count() == 2


def test_the_same_bytes_twice_at_once(world: World, scanner: StandIn) -> None:
    versions = [add(world, EICAR, f"{name}.txt").current_version for name in "ab"]
    looks = [partial(scanning.scan_version, version.pk) for version in versions if version]
    at_once(*looks, refused=())
    assert set(VirusScan.objects.values_list("state", flat=True)) == {"infected"}
    assert AuditEntry.objects.filter(verb="version.quarantined").count() == 2


def test_a_verdict_while_the_document_is_deleted(world: World, scanner: StandIn) -> None:
    document = add(world, EICAR)
    version = document.current_version
    assert version is not None
    services.trash_document(acting_user=world.editor, document=document)
    at_once(
        partial(scanning.scan_version, version.pk),
        partial(services.delete_for_good, acting_user=world.editor, document=document),
        refused=NotAllowed,
    )
    scanning.scan_waiting()
    assert not VirusScan.objects.filter(state="waiting").exists()
    assert DocumentVersion.objects.count() == VirusScan.objects.count() == 0


def test_a_file_found_infected_while_it_is_read(world: World, scanner: StandIn) -> None:
    """Whichever comes first, no text of it is left to be shown."""
    scanner.signature = b"lantern"
    version = add(world, b"Some words about a lantern.").current_version
    assert version is not None
    VirusScan.objects.update(state="clean")
    at_once(
        partial(extraction.read_text_of, version.pk),
        partial(scanning.look_again, version),
        refused=checked.FileClosed,
    )
    assert VirusScan.objects.get().state == "infected"
    assert not DocumentPage.objects.readable().exists()


def test_a_version_restored_while_it_is_found_infected(world: World, scanner: StandIn) -> None:
    document = add(world, b"Some words about a lantern.")
    VirusScan.objects.update(state="clean")
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(b"Second words."),
        name="note.txt",
    )
    scanner.signature = b"lantern"
    old = document.versions.get(number=1)
    restore = partial(
        services.restore_version,
        acting_user=world.contributor,
        document=document,
        number=1,
        seen=2,
    )
    at_once(partial(scanning.look_again, old), restore, refused=VersionRefused)
    scanning.scan_waiting()
    same = DocumentVersion.objects.filter(sha256=old.sha256).select_related("scan")
    assert {checked.why_closed(version) for version in same} == {"infected"}
