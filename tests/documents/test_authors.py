"""What a file says about its authors: shown to those who may edit, and taken out for good."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from coalitions.access import NotAllowed
from coalitions.documents import services, sweeping, tasks
from coalitions.documents.authors import AuthorsStay
from coalitions.documents.models import Document, DocumentVersion, TextExtraction
from coalitions.documents.refusals import FileRefused
from coalitions.documents.sandbox import StorageAway
from coalitions.network.models import AuditEntry
from tests import worlds
from tests.documents import files, telling
from tests.documents.conftest import World
from tests.documents.pages import client_of, page_of, streamed, text_of

each = pytest.mark.parametrize("name", telling.MADE)


def add(world: World, name: str, data: bytes | None = None, **more: Any) -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data or telling.MADE[name]()),
        name=name,
        title="Lights",
        language="en",
        **more,
    )


def authors_page(document: Document, number: int = 1) -> str:
    return page_of(document, f"versions/{number}/authors/")


def on_disk(tmp_path: Path) -> list[Path]:
    return [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and telling.MARK in telling.everything_in(path.read_bytes())
    ]


@each
def test_shown_and_taken_out(world: World, tmp_path: Path, name: str) -> None:
    document = add(world, name)
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    assert TextExtraction.objects.get().names
    client = client_of(world.contributor)
    page = text_of(client.get(page_of(document)))
    assert authors_page(document) in page
    assert telling.PERSON in text_of(client.get(authors_page(document)))
    assert on_disk(tmp_path)
    page = text_of(client.post(authors_page(document), follow=True))
    assert "says nothing about its authors any more" in page
    assert authors_page(document) not in page
    version = document.versions.get()
    with version.file.open() as file:
        stored: bytes = file.read()
    assert (version.number, version.sha256) == (1, hashlib.sha256(stored).hexdigest())
    assert version.size == len(stored)
    assert on_disk(tmp_path) == []
    download = client_of(world.reader).get(page_of(document, "versions/1/download/"))
    sent = streamed(download)
    assert telling.MARK not in telling.everything_in(sent)
    assert version.pages.count() == version.extraction.page_count
    page = text_of(client.get(authors_page(document)))
    assert telling.PERSON not in page
    assert "Take the names out" not in page


def test_only_those_who_may_edit_are_told(world: World) -> None:
    document = add(world, "a.pdf")
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    for user in (world.reader, world.coordinator):
        page = client_of(user).get(page_of(document))
        assert page.status_code == 200
        assert "authors/" not in text_of(page)
    for user in (world.reader, world.coordinator, world.stranger):
        for method in ("get", "post"):
            assert getattr(client_of(user), method)(authors_page(document)).status_code == 404
        with pytest.raises(NotAllowed):
            services.remove_authors(acting_user=user, document=document, number=1)
    assert Client().get(authors_page(document)).status_code == 302
    with document.versions.get().file.open() as file:
        assert telling.MARK in file.read()


def test_what_is_of_elsewhere_is_not_there(world: World) -> None:
    document = add(world, "a.pdf")
    picture = add(world, "p.png", files.png())
    other = worlds.make_workspace(world.outside)
    keeper = worlds.make_person(world.outside)
    worlds.join(other, keeper, world.outside, "contributor")
    hidden = services.add_document(
        acting_user=keeper, workspace=other, content=files.content(telling.pdf()), name="a.pdf"
    )
    client = client_of(world.contributor)
    for address in (
        authors_page(hidden),
        authors_page(document, 2),
        authors_page(document, 0),
        authors_page(picture),
        authors_page(document).replace(str(document.uuid), str(hidden.uuid)),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    with hidden.versions.get().file.open() as file:
        assert telling.MARK in file.read()


def test_versions_that_share_a_file_are_all_exchanged(world: World, tmp_path: Path) -> None:
    document = add(world, "a.pdf")
    services.add_version(
        acting_user=world.contributor, document=document, content=files.content(files.pdf("B")),
        name="b.pdf",
    )  # fmt: skip
    services.restore_version(acting_user=world.contributor, document=document, number=1, seen=2)
    for version in document.versions.all():
        tasks.extract(version.pk)
    services.remove_authors(acting_user=world.contributor, document=document, number=3)
    assert on_disk(tmp_path) == []
    shared = document.versions.filter(number__in=(1, 3))
    assert len({version.file.name for version in shared}) == 1
    assert {version.extraction.names for version in shared} == {0}
    entries = AuditEntry.objects.filter(verb="version.authors-removed")
    assert entries.count() == 2
    assert "Telltale" not in str(list(AuditEntry.objects.values()))


def test_other_versions_are_named(world: World) -> None:
    document = add(world, "a.pdf")
    services.add_version(
        acting_user=world.contributor, document=document, content=files.content(telling.docx()),
        name="b.docx",
    )  # fmt: skip
    for version in document.versions.all():
        tasks.extract(version.pk)
    page = text_of(client_of(world.contributor).get(authors_page(document, 2)))
    assert authors_page(document, 1) in page


def test_what_stays_is_said(world: World) -> None:
    for name, data, words in (
        ("a.pdf", telling.pdf(signed=True), "is signed"),
        ("b.pdf", telling.pdf(password="open me"), "locked with a password"),
        ("c.docx", files.encrypted_office(), "locked with a password"),
        ("d.docx", telling.docx()[:3000], "damaged"),
    ):
        document = add(world, name, data)
        client = client_of(world.contributor)
        assert words in text_of(client.get(authors_page(document)))
        answer = client.post(authors_page(document))
        assert answer.status_code == 409
        assert "Nothing was taken out." in text_of(answer)
        with pytest.raises(AuthorsStay):
            services.remove_authors(acting_user=world.contributor, document=document, number=1)
        assert document.versions.get().size == len(data)


@pytest.mark.parametrize(
    ("where", "error", "status", "words"),
    [
        ("store", OSError(errno.ENOSPC, "full"), 507, "There is no room for this file"),
        ("store", OSError(errno.EIO, "away"), 409, "missing from the storage"),
        ("sandbox.local_file", StorageAway("away"), 409, "missing from the storage"),
        ("without_traces", OSError(errno.EDQUOT, "full"), 507, "There is no room for this file"),
        ("examine", FileRefused("too-large"), 413, "is larger than"),
    ],
)  # fmt: skip
def test_what_goes_wrong_on_the_way_is_said(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
    status: int,
    words: str,
) -> None:
    document = add(world, "a.pdf")
    before = document.versions.get().sha256

    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(f"coalitions.documents.services.removing_authors.{where}", fail)
    answer = client_of(world.contributor).post(authors_page(document))
    assert answer.status_code == status
    assert "Nothing was taken out." in text_of(answer)
    assert words in text_of(answer)
    assert document.versions.get().sha256 == before


def test_a_cleaned_file_that_is_too_large_is_refused(world: World) -> None:
    document = add(world, "a.pdf")
    with override_settings(DOCUMENT_MAX_BYTES=100):
        answer = client_of(world.contributor).post(authors_page(document))
    assert answer.status_code == 413


def test_twice_does_no_harm(world: World) -> None:
    document = add(world, "a.pdf")
    client = client_of(world.contributor)
    for _ in range(2):
        assert client.post(authors_page(document)).status_code == 302
    assert AuditEntry.objects.filter(verb="version.authors-removed").count() == 1


def test_a_file_that_waits_to_be_read_is_read_again(world: World) -> None:
    document = add(world, "a.pdf")
    services.remove_authors(acting_user=world.contributor, document=document, number=1)
    tasks.sweep_extractions()
    job = TextExtraction.objects.get()
    assert (job.state, job.names) == ("done", 0)


def test_a_process_that_dies_leaves_no_names_for_long(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(world, "a.pdf")
    removing = "coalitions.documents.services.removing_authors._remove"
    monkeypatch.setattr(removing, lambda old: None)
    services.remove_authors(acting_user=world.contributor, document=document, number=1)
    assert on_disk(tmp_path)
    for path in (tmp_path / "documents").rglob("*"):
        os.utime(path, (1, 1))
    sweeping.sweep()
    assert on_disk(tmp_path) == []
    assert document.versions.get().file.storage.exists(document.versions.get().file.name or "")


def test_nothing_is_left_when_the_rows_cannot_be_written(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(world, "a.pdf")
    before = sorted((tmp_path / "documents").rglob("*"))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a power cut")

    monkeypatch.setattr("coalitions.documents.services.removing_authors.audit.record", fail)
    with pytest.raises(RuntimeError):
        services.remove_authors(acting_user=world.contributor, document=document, number=1)
    left = [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]
    assert left == [path for path in before if path.is_file()]
    assert document.versions.get().sha256 == hashlib.sha256(left[0].read_bytes()).hexdigest()


@override_settings(CLAMD_URL="tcp://127.0.0.1:1")
def test_a_file_that_is_not_checked_yet_is_not_read(world: World) -> None:
    document = add(world, "a.pdf")
    client = client_of(world.contributor)
    assert client.get(authors_page(document)).status_code == 503
    assert client.post(authors_page(document)).status_code == 503
    assert DocumentVersion.objects.count() == 1


def test_the_refusal_has_words() -> None:
    assert "cannot be taken out" in FileRefused("authors").message
    assert "cannot be taken out" in AuthorsStay("signed").message
