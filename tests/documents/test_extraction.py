"""The job that reads text: claimed once, ended always, its pages written together."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from coalitions.documents import extraction, sandbox, services, tasks
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, TextExtraction
from coalitions.documents.reasons import reason_in_words
from tests.documents import files
from tests.documents.conftest import World

FRENCH = "Les enfants ont le droit de dire ce qu’ils pensent des décisions qui les concernent."


def add(world: World, data: bytes, name: str, **fields: Any) -> DocumentVersion:
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
        **fields,
    )
    assert document.current_version is not None
    return document.current_version


def job(version: DocumentVersion) -> TextExtraction:
    return TextExtraction.objects.get(version=version)


def test_pages_and_language(world: World) -> None:
    version = add(world, files.docx(FRENCH), "a.docx")
    tasks.extract(version.pk)
    page = DocumentPage.objects.get(version=version)
    assert (page.number, page.anchor, page.text, page.language) == (1, "section", FRENCH, "fr")
    assert (job(version).state, job(version).page_count) == ("done", 1)
    assert Document.objects.get().language == "fr"
    assert extraction.read_text_of(version.pk) is False


def test_a_language_that_was_said_stays(world: World) -> None:
    version = add(world, files.docx(FRENCH), "a.docx", language="nl")
    tasks.extract(version.pk)
    assert Document.objects.get().language == "nl"
    assert DocumentPage.objects.get().language == "fr"


def test_nul_and_surrogates_never_reach_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = add(world, b"x", "a.txt")
    answer = {"pages": [["section", "a\x00b\ud800c"]], "page_count": 1}
    monkeypatch.setattr(sandbox, "run", lambda *_: answer)
    tasks.extract(version.pk)
    assert DocumentPage.objects.get().text == "abc"


def test_a_file_that_cannot_be_read_is_kept_and_holds_nobody_up(world: World) -> None:
    cases = [
        (files.pdf(password="x"), "a.pdf", "encrypted"),
        (b"%PDF-1.4 rubbish", "b.pdf", "broken"),
        (files.encrypted_office(), "c.docx", "encrypted"),
        (files.png(), "d.png", "picture"),
        (files.pdf(""), "e.pdf", "no-text-layer"),
    ]
    versions = [add(world, data, name) for data, name, _ in cases]
    good = add(world, b"good words", "g.txt")
    tasks.sweep_extractions()
    for version, (_, _, reason) in zip(versions, cases, strict=True):
        assert (job(version).state, job(version).reason) == ("failed", reason)
        assert reason_in_words(reason) != reason
        assert version.file.storage.exists(version.file.name)
    assert job(good).state == "done"
    assert job(versions[-1]).page_count == 1


def test_a_missing_file_is_said(world: World) -> None:
    version = add(world, b"x", "a.txt")
    version.file.storage.delete(str(version.file.name))
    tasks.extract(version.pk)
    assert job(version).reason == "missing"


def test_a_claim_is_a_lease(world: World) -> None:
    version = add(world, b"x", "a.txt")
    now = timezone.now()
    TextExtraction.objects.update(claimed=now)
    assert extraction.read_waiting() == 0
    TextExtraction.objects.update(claimed=now - extraction.LEASE - timedelta(seconds=1))
    assert extraction.read_waiting() == 1
    assert job(version).state == "done"


def test_who_lost_the_lease_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = add(world, b"x", "a.txt")

    def slow(*_: object) -> dict[str, object]:
        TextExtraction.objects.update(claimed=timezone.now())
        return {"pages": [["section", "late"]], "page_count": 1}

    monkeypatch.setattr(sandbox, "run", slow)
    assert extraction.read_text_of(version.pk) is False
    assert not DocumentPage.objects.exists()


def test_attempts_are_limited(world: World) -> None:
    version = add(world, b"x", "a.txt")
    TextExtraction.objects.update(attempts=extraction.MAX_ATTEMPTS)
    assert extraction.read_waiting() == 0
    assert (job(version).state, job(version).reason) == ("failed", "crashed")


def test_an_error_in_one_job_leaves_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = add(world, b"x", "a.txt"), add(world, b"y", "b.txt")
    original = extraction._read

    def read(version: DocumentVersion) -> dict[str, Any]:
        if version.pk == bad.pk:
            raise OSError("disk")
        return original(version)

    monkeypatch.setattr(extraction, "_read", read)
    assert extraction.read_waiting() == 1
    assert (job(bad).state, job(good).state) == ("waiting", "done")
