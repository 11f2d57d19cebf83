"""Checking for viruses: nothing opens before it is found clean; every failure keeps it shut."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from coalitions.documents import checked, clamd, extraction, images, scanning, services
from coalitions.documents.clamd import ScannerDown
from coalitions.documents.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    TextExtraction,
    VirusScan,
)
from coalitions.documents.services import VersionRefused
from coalitions.network.models import AuditEntry
from portal.notifications.tasks import send_waiting
from tests import worlds
from tests.documents import files, telling
from tests.documents.clamd_server import EICAR, FOUND, StandIn
from tests.documents.conftest import World

pytestmark = pytest.mark.django_db


def add(world: World, data: bytes = b"Plain words.", name: str = "note.txt") -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
    )


def next_version(world: World, document: Document, data: bytes) -> DocumentVersion:
    return services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(data),
        name="note.txt",
    )


def state_of(document: Document, number: int = 1) -> str:
    return VirusScan.objects.get(version__document=document, version__number=number).state


def due() -> None:
    VirusScan.objects.update(next_attempt=timezone.now(), claimed=None)


def read(document: Document) -> list[str]:
    return list(
        DocumentPage.objects.filter(version__document=document).values_list("text", flat=True)
    )


def test_without_a_scanner_nothing_changes(world: World) -> None:
    document = add(world)
    assert not VirusScan.objects.exists()
    assert scanning.scan_waiting() == 0
    assert extraction.read_waiting() == 1
    assert read(document) == ["Plain words."]


def test_a_file_is_read_after_it_was_found_clean(world: World, scanner: StandIn) -> None:
    document = add(world)
    assert extraction.read_waiting() == 0
    assert not extraction.read_text_of(document.current_version.pk)
    assert (state_of(document), read(document)) == ("waiting", [])
    assert scanning.scan_waiting() == 1
    assert state_of(document) == "clean"
    assert extraction.read_waiting() == 1
    assert read(document) == ["Plain words."]
    assert scanning.scan_waiting() == 0
    assert len(scanner.scanned) == 1


def test_the_messages_bring_it_all_about(
    world: World, scanner: StandIn, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = add(world)
    assert (state_of(document), read(document)) == ("clean", ["Plain words."])


def test_an_infected_file_is_shut_away_and_told_of(world: World, scanner: StandIn) -> None:
    document = add(world, EICAR)
    scanning.scan_waiting()
    scan = VirusScan.objects.get()
    assert (scan.state, scan.found, scan.finished is not None) == ("infected", FOUND, True)
    assert extraction.read_waiting() == 0
    assert AuditEntry.objects.get(verb="version.quarantined").object_uuid == scan.version.uuid
    assert send_waiting() == 2
    people = {world.contributor.email, world.coordinator.email}
    assert {address for letter in mail.outbox for address in letter.to} == people
    for letter in mail.outbox:
        assert document.reference in letter.subject
        assert f"/documents/{document.uuid}/versions/1/" in letter.body
        for hidden in (document.title, world.workspace.name, FOUND, world.contributor.name):
            assert hidden not in letter.subject + letter.body
    # Once: a second look at the same tells nobody again.
    scanning.look_again(scan.version)
    assert send_waiting() == 0


def test_of_child_data_the_mail_says_not_even_the_reference(world: World, scanner: StandIn) -> None:
    document = add(world, EICAR)
    services.mark_child_data(acting_user=world.editor, document=document)
    scanning.scan_waiting()
    send_waiting()
    assert mail.outbox
    for letter in mail.outbox:
        assert document.reference not in letter.subject + letter.body
        assert str(document.uuid) not in letter.body
        assert "/my/" in letter.body
    client = Client()
    client.force_login(world.coordinator)
    assert document.reference in client.get("/en/my/").content.decode()
    client.force_login(world.reader)
    assert "In quarantine" not in client.get("/en/my/").content.decode()


def test_nobody_is_told_who_does_not_see_it(world: World, scanner: StandIn) -> None:
    document = add(world, EICAR)
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    other = worlds.make_person(world.partner)
    worlds.join(world.workspace, other, world.partner, "coordinator")
    scanning.scan_waiting()
    send_waiting()
    assert other.email not in {address for letter in mail.outbox for address in letter.to}


@pytest.mark.parametrize("mode", ["drops", "stumbles", "hangs", "down"])
def test_without_a_verdict_it_stays_shut(
    world: World, scanner: StandIn, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "SILENCE_SECONDS", 0.2)
    monkeypatch.setattr(clamd, "CONNECTING_SECONDS", 0.2)
    scanner.mode = mode
    if mode == "down":
        monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    document = add(world, b"Plain words." * 20_000)
    pauses = []
    for _turn in range(7):
        before = timezone.now()
        assert scanning.scan_waiting() == 0
        scan = VirusScan.objects.get()
        assert (scan.state, scan.reason, scan.claimed) == ("waiting", "down", None)
        pauses.append(round((scan.next_attempt - before).total_seconds() / 60))
        assert scanning.scan_waiting() == 0  # not before its time
        due()
    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    assert checked.why_closed(document.current_version) == "waiting"
    assert extraction.read_waiting() == 0
    scanner.mode = "answers"
    monkeypatch.setattr(settings, "CLAMD_URL", scanner.url)
    assert scanning.scan_waiting() == 1


def test_when_the_scanner_is_down_the_sweep_asks_it_no_more(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        add(world, b"text %d" % number)
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    scanning.scan_waiting()
    assert sorted(VirusScan.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    # One that only fails at one file is asked about the others.
    monkeypatch.setattr(settings, "CLAMD_URL", scanner.url)
    due()
    scanner.limit = 10**9
    assert scanning.scan_waiting() == 3


def test_a_file_that_the_scanner_never_finishes_is_given_up(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "SILENCE_SECONDS", 0.1)
    document = add(world)
    scanner.mode = "broods"
    for turn in range(1, 8):
        assert scanning.scan_waiting() == 0
        scan = VirusScan.objects.get()
        assert (scan.state, scan.reason, scan.claimed) == ("waiting", f"too-slow-{turn}", None)
        due()
    # What is not the file's doing counts for nothing, and forgets nothing.
    for mode in ("hangs", "stumbles", "drops"):
        scanner.mode = mode
        monkeypatch.setattr(clamd, "CONNECTING_SECONDS", 0.1 if mode == "hangs" else 5)
        scanning.scan_waiting()
        assert VirusScan.objects.get().reason == "too-slow-7"
        due()
    scanner.mode = "broods"
    assert scanning.scan_waiting() == 1
    scan = VirusScan.objects.get()
    assert (scan.state, scan.reason, scan.claimed) == ("failed", "too-slow", None)
    assert checked.why_closed(scan.version) == "failed"
    due()
    assert scanning.scan_waiting() == 0
    scanner.mode = "answers"
    call_command("documents_scan")
    assert state_of(document) == "clean"


def test_however_long_the_scanner_is_away_its_return_is_waited_for(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(world)
    VirusScan.objects.update(attempts=32_767)  # as much as the column takes
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    for _turn in range(3):
        assert scanning.scan_waiting() == 0
        scan = VirusScan.objects.get()
        assert (scan.state, scan.reason) == ("waiting", "down")
        assert scan.attempts <= 1001
        due()
    monkeypatch.setattr(settings, "CLAMD_URL", scanner.url)
    assert scanning.scan_waiting() == 1


def test_more_than_the_scanner_takes_stays_shut(world: World, scanner: StandIn) -> None:
    scanner.limit = 1000
    document = add(world, b"Plain words. " * 10_000)
    scanning.scan_waiting()
    scan = VirusScan.objects.get()
    assert (scan.state, scan.reason) == ("failed", "too-large")
    assert scanning.scan_waiting() == 0
    scanner.limit = 10**9
    call_command("documents_scan")
    assert state_of(document) == "clean"


def test_a_file_that_is_missing(world: World, scanner: StandIn) -> None:
    document = add(world)
    version = document.current_version
    version.file.storage.delete(version.file.name)
    scanning.scan_waiting()
    scan = VirusScan.objects.get()
    assert (scan.state, scan.reason) == ("failed", "missing")


def test_the_same_bytes_share_a_verdict(world: World, scanner: StandIn) -> None:
    other = worlds.make_workspace(worlds.make_coalition(world.owner, world.partner))
    worlds.join(other, world.contributor, world.owner, "contributor")
    first = add(world, EICAR)
    second = services.add_document(
        acting_user=world.contributor,
        workspace=other,
        content=files.content(EICAR),
        name="again.txt",
    )
    scanning.scan_version(first.current_version.pk)
    assert (state_of(first), state_of(second)) == ("infected", "infected")
    # Known bytes are not clean because the scanner says so today, and need no scanner at all.
    scanner.signature = b""
    third = add(world, EICAR, "third.txt")
    scanning.scan_waiting()
    assert state_of(third) == "infected"
    assert len(scanner.scanned) == 1


def test_a_virus_that_is_known_later(world: World, scanner: StandIn) -> None:
    scanner.signature = b""
    document = add(world, files.pdf("Bad words"), "later.pdf")
    scanning.scan_waiting()
    extraction.read_waiting()
    version = document.current_version
    images.page_image(DocumentVersion.objects.get(pk=version.pk), 1)
    folder = images.image_folder() / str(version.uuid)
    assert read(document)
    assert list(folder.iterdir())
    scanner.signature = b"%PDF"
    call_command("documents_scan")  # looks at those without a verdict alone
    assert state_of(document) == "clean"
    call_command("documents_scan", "--all")
    assert state_of(document) == "infected"
    assert read(document) == []
    assert not folder.exists()
    with pytest.raises(checked.FileClosed):
        images.page_image(DocumentVersion.objects.get(pk=version.pk), 1)
    # A mistake of the scanner is mended by an operator alone.
    scanner.signature = b""
    assert scanning.scan_waiting() == 0
    call_command("documents_scan", "--infected")
    assert state_of(document) == "clean"
    assert extraction.read_waiting() == 1
    assert read(document)


def test_a_scanner_that_comes_later(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = scanner.url
    monkeypatch.setattr(settings, "CLAMD_URL", "")
    old, bad = add(world), add(world, EICAR, "bad.txt")
    extraction.read_waiting()
    assert read(old)
    with pytest.raises(CommandError):
        call_command("documents_scan")
    monkeypatch.setattr(settings, "CLAMD_URL", url)
    assert checked.why_closed(old.current_version) == "waiting"
    assert not DocumentPage.objects.readable().exists()
    assert scanning.scan_waiting() == 2
    assert (state_of(old), state_of(bad)) == ("clean", "infected")
    assert read(bad) == []
    # What was found stays shut when the scanner is switched off; what was not, opens.
    new = add(world, b"not looked at", "new.txt")
    monkeypatch.setattr(settings, "CLAMD_URL", "")
    whole = DocumentVersion.objects.filter(checked.opened()).values_list("document", flat=True)
    assert set(whole) == {old.pk, new.pk}
    for document in (old, bad, new):
        version = DocumentVersion.objects.get(document=document)
        assert bool(checked.why_closed(version)) == (document == bad)


def test_the_command_can_run_before_the_scanner_is_switched_on(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = scanner.url
    monkeypatch.setattr(settings, "CLAMD_URL", "")
    document = add(world)
    monkeypatch.setattr(settings, "CLAMD_URL", url)
    call_command("documents_scan")
    assert checked.why_closed(DocumentVersion.objects.get(document=document)) == ""
    assert scanning.scan_waiting() == 0
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    with pytest.raises(CommandError):
        call_command("documents_scan", "--all")
    assert state_of(document) == "clean"


def test_a_version_is_restored_with_its_verdict(world: World, scanner: StandIn) -> None:
    document = add(world)
    scanning.scan_waiting()
    next_version(world, document, b"Second words.")
    scanning.scan_waiting()
    services.restore_version(acting_user=world.contributor, document=document, number=1, seen=2)
    assert state_of(document, 3) == "clean"
    assert len(scanner.scanned) == 2


@pytest.mark.parametrize("data", [EICAR, b"waits for its verdict"])
def test_what_is_shut_is_not_restored(world: World, scanner: StandIn, data: bytes) -> None:
    document = add(world, data)
    if data == EICAR:
        scanning.scan_waiting()
    next_version(world, document, b"Second words.")
    with pytest.raises(VersionRefused):
        services.restore_version(acting_user=world.contributor, document=document, number=1, seen=2)


def test_a_file_of_which_names_were_taken_out_is_checked_anew(
    world: World, scanner: StandIn
) -> None:
    document = add(world, telling.MADE["a.pdf"](), "a.pdf")
    with pytest.raises(checked.FileClosed):
        services.remove_authors(acting_user=world.contributor, document=document, number=1)
    scanning.scan_waiting()
    extraction.read_waiting()
    services.remove_authors(acting_user=world.contributor, document=document, number=1)
    assert state_of(document) == "waiting"
    assert checked.why_closed(DocumentVersion.objects.get()) == "waiting"
    assert scanning.scan_waiting() == 1
    assert state_of(document) == "clean"
    assert len(scanner.scanned) == 2


def test_workers_do_not_take_each_others_work(world: World, scanner: StandIn) -> None:
    document = add(world)
    version = document.current_version
    VirusScan.objects.update(claimed=timezone.now())
    assert not scanning.scan_version(version.pk)
    # One that died gives it back when its lease ends.
    VirusScan.objects.update(claimed=timezone.now() - timedelta(minutes=9))
    assert scanning.scan_version(version.pk)
    # And a verdict that comes after the lease is no longer taken.
    late = timezone.now() - timedelta(hours=1)
    VirusScan.objects.update(state="waiting", claimed=timezone.now())
    assert not scanning._finish(version, scanning.Verdict("clean"), claimed=late)
    assert state_of(document) == "waiting"


def test_a_file_that_is_purged_while_it_is_scanned(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(world, EICAR)
    look = scanning._look_at

    def purge_meanwhile(version: DocumentVersion) -> scanning.Verdict:
        verdict = look(version)
        services.trash_document(acting_user=world.editor, document=document)
        services.delete_for_good(acting_user=world.editor, document=document)
        return verdict

    monkeypatch.setattr(scanning, "_look_at", purge_meanwhile)
    assert scanning.scan_waiting() == 0
    assert not VirusScan.objects.exists()
    assert send_waiting() == 0


def test_a_message_without_a_scanner_does_no_harm(
    world: World, scanner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coalitions.documents import tasks

    document = add(world)
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    tasks.scan(document.current_version.pk)
    tasks.scan(0)
    due()
    with pytest.raises(ScannerDown):
        scanning.scan_version(document.current_version.pk)


def test_readers_of_text_ask_whether_it_is_open() -> None:
    """Pages are read through `readable()` by everything that shows or copies them."""
    import re
    from pathlib import Path

    unasked = {
        "search/showing/documents.py",  # by keys that it found so
        "coalitions/documents/extraction.py",  # writes them
        "coalitions/documents/scanning.py",  # forgets them
        "coalitions/documents/services/restoring.py",  # refuses what is shut before
        "coalitions/documents/views/versions.py",  # what a page is called, no text
    }
    root = Path(settings.BASE_DIR)
    found = {
        str(path.relative_to(root))
        for room in ("coalitions", "search", "portal", "knowledge")
        for path in (root / room).rglob("*.py")
        if re.search(r"(DocumentPage\.objects|version\.pages)\.(?!readable)", path.read_text())
        and "migrations" not in path.parts
    }
    assert {name for name in found if "/demo/" not in name} <= unasked


def test_every_reading_job_needs_an_open_file(world: World, scanner: StandIn) -> None:
    document = add(world)
    job = TextExtraction.objects.get(version__document=document)
    with pytest.raises(checked.FileClosed):
        extraction._read(job.version)
