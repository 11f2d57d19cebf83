"""Sending files in one plain form: an answer per file, nothing lost, nothing told to others."""

import fcntl
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from coalitions.documents import services, sweeping
from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document, DocumentVersion
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, send, text_of, upload_page

PDF = files.pdf("Sent by form")


def test_the_form_says_who_will_see_it(world: World) -> None:
    page = text_of(client_of(world.contributor).get(upload_page(world)))
    assert "This workspace: 2 organisations, 4 people" in page
    assert f"{world.owner.name}: 3 people" in page
    assert "Everybody, also without an account" not in page
    worlds.affiliate(world.contributor, world.partner)
    editor = worlds.make_person(world.owner, "editor")
    worlds.join(world.workspace, editor, world.owner, "contributor")
    page = text_of(client_of(editor).get(upload_page(world)))
    assert "Everybody, also without an account" in page
    assert "People of 3 organisations in 0 countries" in page


def test_only_those_who_may_upload_get_the_form(world: World) -> None:
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        assert client_of(user).get(upload_page(world)).status_code == 404
        assert client_of(user).post(upload_page(world)).status_code == 404
    assert Client().get(upload_page(world)).status_code == 302


def test_several_files_each_with_its_answer(world: World) -> None:
    response = send(
        world,
        files.upload("one.pdf", PDF),
        files.upload("two.pdf", b"not a pdf"),
        files.upload("three.md", b"# Three"),
        files.upload("empty.txt", b""),
        rung="organisation",
        language="fr",
    )
    page = text_of(response)
    assert {document.title for document in Document.objects.all()} == {"one", "three"}
    assert {document.language for document in Document.objects.all()} == {"fr"}
    assert "“two.pdf”" in page
    assert "“empty.txt”" in page
    assert "PDF, Word (.docx)" in page
    assert "This file is empty" in page
    assert page.count("Stored") >= 2
    assert '<option value="fr" selected>' in page
    assert 'value="organisation"' in page
    first = Document.objects.filter(title="one").get()
    audience = audience_of(first)
    assert audience is not None
    assert audience.rung == "organisation"


def test_all_stored_leads_to_a_page_that_can_be_loaded_again(world: World) -> None:
    response = send(world, files.upload("one.pdf", PDF))
    assert response.redirect_chain  # type: ignore[attr-defined]
    document = Document.objects.get()
    assert document.reference in text_of(response)
    again = client_of(world.reader).get(response.request["PATH_INFO"])  # type: ignore[attr-defined]
    assert again.status_code == 404


def test_the_same_form_twice_stores_once(world: World) -> None:
    mark = str(uuid4())
    for _ in range(2):
        assert send(world, files.upload("a.pdf", PDF), submission=mark).status_code == 200
    assert DocumentVersion.objects.count() == 1


def test_the_same_file_is_noticed_among_what_one_sees(world: World) -> None:
    first = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(PDF),
        name="first.pdf",
    )
    page = text_of(send(world, files.upload("again.pdf", PDF)))
    assert "Already here" in page
    assert first.reference in page
    assert Document.objects.count() == 1
    send(world, files.upload("again.pdf", PDF), store_again="on")
    assert Document.objects.count() == 2


def test_a_file_that_is_hidden_from_the_sender_is_not_mentioned(world: World) -> None:
    secret = worlds.make_workspace(world.outside)
    keeper = worlds.make_person(world.outside)
    worlds.join(secret, keeper, world.outside, "contributor")
    hidden = services.add_document(
        acting_user=keeper, workspace=secret, content=files.content(PDF), name="hidden.pdf"
    )
    page = text_of(send(world, files.upload("mine.pdf", PDF)))
    assert "Stored" in page
    assert "Already here" not in page
    assert hidden.reference not in page


@override_settings(DOCUMENT_MAX_BYTES=1000)
def test_too_large_is_said_and_the_rest_arrives(world: World) -> None:
    response = send(
        world,
        files.upload("large.txt", b"x" * 3000),
        files.upload("small.txt", b"small"),
        language="nl",
    )
    page = text_of(response)
    assert "“large.txt”: This file is larger than 1000" in page
    assert Document.objects.get().title == "small"
    assert '<option value="nl" selected>' in page
    alone = text_of(send(world, files.upload("large.txt", b"x" * 3000)))
    assert "“large.txt”: This file is larger" in alone
    assert "Choose one file or more" not in alone


@override_settings(DOCUMENT_MAX_FILES=2)
def test_too_many_are_said(world: World) -> None:
    sent = [files.upload(f"{n}.txt", f"text {n}".encode()) for n in range(4)]
    page = text_of(send(world, *sent))
    assert Document.objects.count() == 2
    assert "“3.txt”: At most 2 files" in page


@pytest.mark.parametrize(
    "name",
    [
        "x" * 300 + ".pdf",
        "." + "e" * 280,
        "../../etc/passwd",
        "a\x00b.pdf",
        "..",
        "\u202efdp",
        "名.pdf",
    ],
)
def test_names_of_every_kind_are_taken(world: World, name: str) -> None:
    sent = SimpleUploadedFile("x", PDF)
    sent._name = name
    assert send(world, sent).status_code == 200
    for version in DocumentVersion.objects.all():
        assert "/" not in version.name
        assert len(version.name) <= 255
        assert version.name.isprintable()


@pytest.mark.parametrize(
    "fields",
    [
        {"rung": "public"},
        {"rung": "coalition"},
        {"rung": "x\x00"},
        {"rung": ""},
        {"language": "xx"},
        {"submission": "no-uuid"},
        {"rung": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
)
def test_wrong_values_are_form_errors(world: World, fields: dict[str, str]) -> None:
    response = send(world, files.upload("a.pdf", PDF), **fields)
    assert response.status_code == 200
    assert 'role="alert"' in text_of(response)
    assert not Document.objects.exists()


def test_nothing_chosen(world: World) -> None:
    page = text_of(send(world))
    assert "Choose one file or more." in page
    assert "<title>Error:" in page


def test_child_data_stays_in_the_workspace(world: World) -> None:
    editor = worlds.make_person(world.owner, "editor")
    worlds.join(world.workspace, editor, world.owner, "contributor")
    page = text_of(
        send(world, files.upload("a.pdf", PDF), user=editor, rung="network", recognisable="yes")
    )
    assert "stay in the workspace" in page
    send(world, files.upload("a.pdf", PDF), user=editor, recognisable="yes")
    audience = audience_of(Document.objects.get())
    assert audience is not None
    assert audience.child_data is True


def test_uploads_are_never_wholly_in_memory(world: World) -> None:
    seen: list[bool] = []
    original = services.adding.store

    def store(incoming: Any) -> Any:
        seen.append(hasattr(incoming.content, "temporary_file_path"))
        return original(incoming)

    services.adding.store = store
    try:
        send(world, files.upload("a.txt", b"tiny"))
    finally:
        services.adding.store = original
    assert seen == [True]
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def make_old(path: Path, minutes: int = 50) -> None:
    past = time.time() - minutes * 60
    os.utime(path, (past, past))


def test_the_sweep_takes_what_has_no_row(world: World) -> None:
    send(world, files.upload("kept.pdf", PDF))
    root = Path(storages["documents"].location)
    kept = next(path for path in root.rglob("*") if path.is_file())
    orphan, partial, young = (
        root / "ab" / "orphan",
        root / "ab" / "x.partial",
        root / "ab" / "young",
    )
    (root / "ab").mkdir(exist_ok=True)
    for path in (orphan, partial, young):
        path.write_bytes(b"x")
    for path in (kept, orphan, partial):
        make_old(path)
    incoming = Path(settings.FILE_UPLOAD_TEMP_DIR)
    dead, living = incoming / "dead.upload", incoming / "living.upload"
    for path in (dead, living):
        path.write_bytes(b"x")
        make_old(path, 5)
    with living.open("rb+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sweeping.sweep()
        assert [orphan.exists(), partial.exists(), young.exists(), kept.exists()] == [
            False, False, True, True,
        ]  # fmt: skip
        assert [dead.exists(), living.exists()] == [False, True]
    sweeping.sweep()
    assert not living.exists()


def test_a_new_version_by_form(world: World) -> None:
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(PDF),
        name="a.pdf",
    )
    where = f"/en/documents/{document.uuid}/versions/add/"
    client = client_of(world.contributor)
    same = client.post(where, {"file": files.upload("b.pdf", PDF), "note": "typed note"})
    assert "already here as version 1" in text_of(same)
    assert "typed note" in text_of(same)
    assert "Choose a file." in text_of(client.post(where, {"note": "n", "file-clear": "on"}))
    assert "is not what its name says" in text_of(
        client.post(where, {"file": files.upload("b.pdf", b"text")})
    )
    nul = client.post(where, {"file": files.upload("b.txt", b"text"), "note": "a\x00b"})
    assert nul.status_code == 200
    mark = str(uuid4())
    for _ in range(2):
        sent = {"file": files.upload("b.txt", b"text"), "note": "second", "submission": mark}
        assert client.post(where, sent).status_code == 302
    document.refresh_from_db()
    assert document.current_version is not None
    assert document.current_version.number == 2
    for user in (world.reader, world.stranger, world.coordinator):
        assert client_of(user).get(where).status_code == 404


@pytest.mark.parametrize("path", ["/en/account/login/", "/en/workspaces/new/", "/en/"])
def test_the_file_of_a_stranger_is_kept_nowhere(world: World, path: str) -> None:
    sent = {"uploads": SimpleUploadedFile("a.txt", b"x" * 100_000), "login": "somebody"}
    # A form's token is looked for in the body, so that the body is read whatever the address is.
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    request = browser.post(path, sent).wsgi_request
    assert request.POST["login"] == "somebody"
    assert not request.FILES
    inside = client_of(world.reader).post("/en/account/", {"file": SimpleUploadedFile("a", b"x")})
    assert inside.wsgi_request.FILES
