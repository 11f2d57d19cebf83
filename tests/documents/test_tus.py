"""The tus 1.0 protocol, header by header, and who may speak it."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import namedtuple
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services, sweeping
from coalitions.documents.models import Document, DocumentVersion, Folder, ResumableUpload
from coalitions.documents.uploads import parts
from coalitions.network.models import Affiliation, WorkspaceMembership
from tests import worlds
from tests.documents.conftest import World
from tests.documents.pages import client_of
from tests.documents.tus import TEXT, Tus, pairs, row_of


def stored() -> DocumentVersion:
    return DocumentVersion.objects.get()


def checksum(body: bytes, algorithm: str = "sha1") -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, body).digest()).decode()}"


def test_what_is_offered(tus: Tus) -> None:
    answer = tus.ask("OPTIONS", Tus_Resumable=None)  # type: ignore[arg-type]
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert answer.headers["Tus-Max-Size"] == "209715200"


def test_a_file_in_three_parts(world: World, tus: Tus) -> None:
    path = tus.begun(rung="workspace")
    assert tus.offset(path) == 0
    for start in (0, 700, 1400):
        answer = tus.send(path, TEXT[start : start + 700], start)
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(min(start + 700, len(TEXT)))
        assert answer.headers["Upload-Expires"].endswith("GMT")
    version = stored()
    assert version.file.read() == TEXT
    assert (version.name, version.number, version.uploader) == (
        "lanterns.txt",
        1,
        world.contributor,
    )
    assert version.document.owner == world.owner
    assert version.document.audiences.get().rung == "workspace"
    told = tus.ask("GET", path).json()
    assert told["state"] == "stored"
    assert told["reference"] == version.document.reference
    assert list(parts.parts_folder().glob("*-*")) == []


def test_the_head_tells_all(tus: Tus) -> None:
    path = tus.begun(2000, childData="1")
    tus.send(path, b"x" * 10)
    answer = tus.ask("HEAD", path)
    assert answer.headers["Upload-Offset"] == "10"
    assert answer.headers["Upload-Length"] == "2000"
    assert answer.headers["Upload-Metadata"] == pairs(filename="lanterns.txt", childData="1")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_the_last_part_sent_again_stores_nothing(tus: Tus) -> None:
    path = tus.begun()
    assert tus.send(path, TEXT).status_code == 204
    assert tus.send(path, TEXT).status_code == 409  # the client asks, and hears that it is whole
    assert tus.offset(path) == len(TEXT)
    assert tus.send(path, b"", len(TEXT)).status_code == 204
    assert DocumentVersion.objects.count() == 1


def test_a_crash_between_storing_and_answering(tus: Tus) -> None:
    """The document is there, the row and the file of the upload are as if it were not."""
    path = tus.begun()
    row = row_of(path)
    assert tus.send(path, TEXT).status_code == 204
    ResumableUpload.objects.filter(pk=row.pk).update(state="sending", version=None)
    (parts.parts_folder() / str(row.uuid)).write_bytes(TEXT)
    assert tus.offset(path) == len(TEXT)
    assert tus.send(path, b"", len(TEXT)).status_code == 204
    assert tus.ask("GET", path).json()["state"] == "stored"
    assert DocumentVersion.objects.count() == 1


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksums(tus: Tus, algorithm: str) -> None:
    path = tus.begun()
    assert tus.send(path, TEXT[:99], Upload_Checksum=checksum(TEXT[:99], algorithm)).status_code
    wrong = tus.send(path, TEXT[99:500], 99, Upload_Checksum=checksum(b"other", algorithm))
    assert wrong.status_code == 460
    assert tus.offset(path) == 99
    right = checksum(TEXT[99:], algorithm)
    assert tus.send(path, TEXT[99:], 99, Upload_Checksum=right).status_code == 204
    assert stored().file.read() == TEXT


def test_a_kill_before_the_checksum_was_found_right(tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:99])
    file = parts.parts_folder() / str(row_of(path).uuid)
    with file.open("ab") as out:  # what a killed process leaves: bytes that nobody checked
        out.write(b"damaged")
    file.with_name(file.name + ".unchecked").write_text("99")
    assert tus.offset(path) == 99


def test_bytes_that_were_written_before_a_kill_are_kept(tus: Tus) -> None:
    path = tus.begun()
    with (parts.parts_folder() / str(row_of(path).uuid)).open("ab") as out:
        out.write(TEXT[:1234])
    assert tus.offset(path) == 1234
    assert tus.send(path, TEXT[1234:], 1234).status_code == 204
    assert stored().file.read() == TEXT


@pytest.mark.parametrize("offset", ["1", "99999", "5"])
def test_a_wrong_offset(tus: Tus, offset: str) -> None:
    path = tus.begun()
    assert tus.ask("PATCH", path, b"hello", Upload_Offset=offset).status_code == 409
    assert tus.offset(path) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Offset": "x"}, 400),
        ({"Upload_Offset": "-1"}, 400),
        ({"Upload_Offset": "9" * 400}, 400),
        ({"Upload_Offset": None}, 400),
        ({"Upload_Offset": "0", "Content_Type": "text/plain"}, 415),
        ({"Upload_Offset": "0", "Tus_Resumable": "0.2.2"}, 412),
        ({"Upload_Offset": "0", "Tus_Resumable": None}, 412),
        ({"Upload_Offset": "0", "Upload_Checksum": "md5 xxxx"}, 400),
        ({"Upload_Offset": "0", "Upload_Checksum": "sha1"}, 400),
        ({"Upload_Offset": "0", "Upload_Checksum": "sha1 not base64"}, 400),
        ({"Upload_Offset": "0", "Upload_Checksum": "sha1 YWJj"}, 400),
    ],
)
def test_bad_parts(tus: Tus, headers: dict[str, Any], status: int) -> None:
    path = tus.begun()
    answer = tus.ask("PATCH", path, b"hello", **headers)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert tus.offset(path) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload_Length": "abc"}, 400),
        ({"Upload_Length": "-5"}, 400),
        ({"Upload_Length": "٣"}, 400),
        ({"Upload_Length": "0"}, 422),
        ({"Upload_Length": str(200 * 1024 * 1024 + 1)}, 413),
        ({"Upload_Length": "9" * 18}, 413),
        ({"Upload_Length": "5", "Upload_Defer_Length": "1"}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "filename"}, 201),
        ({"Upload_Length": "5", "Upload_Metadata": "filename !!!"}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "filename /w=="}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "filename AAAA"}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "a YQ==,a YQ=="}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": "a " + "YWFh" * 4000}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(rung="moon")}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(rung="public")}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(language="xx")}, 400),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(folder="xx")}, 404),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(folder=str(uuid4()))}, 404),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(relativePath="a/" * 13 + "f")}, 422),
        ({"Upload_Length": "5", "Upload_Metadata": pairs(filename="x" * 300)}, 201),
        ({"Upload_Length": "5", "Tus_Resumable": "2.0.0"}, 412),
    ],
)
def test_beginnings(tus: Tus, headers: dict[str, Any], status: int) -> None:
    answer = tus.ask("POST", **headers)
    assert answer.status_code == status, answer.content
    assert ResumableUpload.objects.count() == (status == 201)
    if status != 201:
        assert answer.content.decode().strip()


def test_what_is_too_large_is_said_kindly(tus: Tus) -> None:
    assert "Make it smaller or split it" in tus.begin(10**12).content.decode()


def test_more_than_was_declared(tus: Tus) -> None:
    path = tus.begun(10)
    assert tus.send(path, b"x" * 11).status_code == 413
    assert tus.offset(path) == 0


def test_a_full_disk(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tus.begun()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10**9, 10**9, 1000))
    answer = tus.begin(5000)
    assert answer.status_code == 507
    assert "Nothing is lost" in answer.content.decode()

    def full(*_args: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert tus.send(path, TEXT).status_code == 507
    monkeypatch.undo()


def test_a_chunked_body_is_asked_for_its_length(tus: Tus) -> None:
    path = tus.begun()
    answer = tus.send(path, b"", 0, Transfer_Encoding="chunked")
    assert answer.status_code == 411


def test_giving_up(tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:50])
    assert tus.ask("DELETE", path).status_code == 204
    for method in ("HEAD", "PATCH", "DELETE"):
        assert tus.ask(method, path, Upload_Offset="50").status_code == 404
    assert list(parts.parts_folder().glob("*-*")) == []
    assert not ResumableUpload.objects.exists()


def test_giving_up_what_was_stored_leaves_the_document(tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT)
    assert tus.ask("DELETE", path).status_code == 204
    assert stored().file.read() == TEXT


def test_a_post_may_stand_for_another_method(tus: Tus) -> None:
    path = tus.begun()
    answer = tus.ask("POST", path, TEXT, Upload_Offset="0", X_HTTP_Method_Override="PATCH")
    assert answer.status_code == 204
    assert stored().file.read() == TEXT
    assert tus.ask("GET", path, X_HTTP_Method_Override="DELETE").status_code == 200
    assert ResumableUpload.objects.exists()


def test_expiry(tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:50])
    ResumableUpload.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert tus.ask("HEAD", path).status_code == 410
    assert tus.send(path, TEXT[50:], 50).status_code == 410
    sweeping.sweep()
    assert not ResumableUpload.objects.exists()
    assert list(parts.parts_folder().glob("*-*")) == []
    assert tus.ask("HEAD", path).status_code == 404


def test_each_part_keeps_it_for_longer(tus: Tus) -> None:
    path = tus.begun()
    soon = timezone.now() + timedelta(hours=1)
    ResumableUpload.objects.update(expires=soon)
    tus.send(path, TEXT[:50])
    assert row_of(path).expires > soon + timedelta(days=5)


def test_the_sweep_ends_what_came_whole(tus: Tus) -> None:
    """A client that was told all is there, and an end that a kill prevented."""
    path = tus.begun()
    file = parts.parts_folder() / str(row_of(path).uuid)
    file.write_bytes(TEXT)
    sweeping.sweep()
    assert not Document.objects.exists()  # it may be ended at this moment
    os.utime(file, (0, 0))
    sweeping.sweep()
    assert stored().file.read() == TEXT
    assert row_of(path).state == "stored"


def test_the_sweep_does_so_for_those_who_still_may(world: World, tus: Tus) -> None:
    path = tus.begun()
    file = parts.parts_folder() / str(row_of(path).uuid)
    file.write_bytes(TEXT)
    os.utime(file, (0, 0))
    WorkspaceMembership.objects.get(person=world.contributor).end()
    sweeping.sweep()
    assert not Document.objects.exists()
    assert not ResumableUpload.objects.exists()
    assert not file.exists()


def test_the_sweep_leaves_what_is_being_written(tus: Tus) -> None:
    path = tus.begun()
    row = row_of(path)
    ResumableUpload.objects.update(expires=timezone.now() - timedelta(days=1))
    with parts.held(row.uuid):
        sweeping.sweep()
        assert ResumableUpload.objects.exists()
    stray = parts.parts_folder() / str(uuid4())
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    sweeping.sweep()
    assert not ResumableUpload.objects.exists()
    assert not stray.exists()


def test_two_clients_on_one_upload(tus: Tus) -> None:
    path = tus.begun()
    with parts.held(row_of(path).uuid):
        for method in ("HEAD", "PATCH", "DELETE"):
            answer = tus.ask(method, path, b"x" if method == "PATCH" else b"", Upload_Offset="0")
            assert answer.status_code == 423
    assert tus.offset(path) == 0


def test_one_person_takes_few_places_at_a_time(world: World, tus: Tus) -> None:
    path = tus.begun()
    other = Tus(world, world.coordinator)
    theirs = other.begun()
    with parts.slot(world.contributor.pk), parts.slot(world.contributor.pk):
        with parts.slot(world.contributor.pk), parts.slot(world.contributor.pk):
            assert tus.send(path, TEXT).status_code == 423
            assert other.send(theirs, TEXT).status_code == 204
        assert tus.send(path, TEXT).status_code == 204


def test_others_do_not_find_it(world: World, tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:50])
    elsewhere = worlds.make_workspace(world.coalition)
    worlds.join(elsewhere, world.contributor, world.owner, "contributor")
    moved = path.replace(str(world.workspace.uuid), str(elsewhere.uuid))
    missing = path.replace(str(row_of(path).uuid), str(uuid4()))
    for user in (world.coordinator, world.editor, world.reader, world.colleague, world.stranger):
        other = Tus(world, user)
        for method in ("GET", "HEAD", "PATCH", "DELETE", "OPTIONS"):
            for address in (path, missing):
                answer = other.ask(method, address, b"x", Upload_Offset="50")
                assert answer.status_code == 404, (user, method)
    for method in ("GET", "HEAD", "PATCH", "DELETE"):
        assert tus.ask(method, moved, b"x", Upload_Offset="50").status_code == 404
    stranger = Tus(world, None)
    for address in (path, missing, tus.endpoint):
        answer = stranger.ask("PATCH", address, b"x", Upload_Offset="50")
        assert answer.status_code == 302
        assert "/account/login/" in answer.headers["Location"]
    assert tus.offset(path) == 50


def test_readers_and_outsiders_begin_nothing(world: World) -> None:
    for user in (world.reader, world.editor, world.colleague, world.stranger):
        answers = [Tus(world, user).begin(10), Tus(world, user).ask("OPTIONS")]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert not ResumableUpload.objects.exists()


def test_a_lost_workspace(world: World, tus: Tus) -> None:
    """Before the last part: the missing page. During it: the same, and nothing is left."""
    path, other = tus.begun(), tus.begun()
    tus.send(path, TEXT[:50])
    row = row_of(other)
    WorkspaceMembership.objects.get(person=world.contributor).end()
    assert tus.send(path, TEXT[50:], 50).status_code == 404
    assert tus.ask("HEAD", path).status_code == 404
    with parts.held(row.uuid) as part:
        part.append([TEXT])
        with pytest.raises(NotAllowed):
            services.finish_upload(acting_user=world.contributor, upload=row, part=part)
    assert not ResumableUpload.objects.filter(pk=row.pk).exists()
    assert not (parts.parts_folder() / str(row.uuid)).exists()
    assert not Document.objects.exists()


def test_another_organisation_meanwhile(world: World, tus: Tus) -> None:
    path = tus.begun()
    tus.send(path, TEXT[:50])
    WorkspaceMembership.objects.get(person=world.contributor).end()
    worlds.affiliate(world.contributor, world.partner)
    worlds.join(world.workspace, world.contributor, world.partner, "contributor")
    assert tus.send(path, TEXT[50:], 50).status_code == 404
    assert not Document.objects.exists()


def test_an_audience_that_was_lost_meanwhile(world: World) -> None:
    worlds.join(world.workspace, world.colleague, world.owner, "contributor")
    affiliation = Affiliation.objects.get(person=world.colleague)
    tus = Tus(world, world.colleague)
    affiliation.role = "editor"
    affiliation.save()
    path = tus.begun(rung="network")
    affiliation.role = "member"
    affiliation.save()
    answer = tus.send(path, TEXT)
    assert answer.status_code == 422
    assert "Choose again who will see it" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_refused_file(tus: Tus) -> None:
    path = tus.begun(20)
    answer = tus.send(path, b"\x00\x01\x02\x03" * 5)
    assert answer.status_code == 422
    assert "Files of this type are not taken" in answer.content.decode()
    told = tus.ask("GET", path).json()
    assert told["state"] == "refused"
    assert "Files of this type are not taken" in told["message"]
    assert tus.offset(path) == 20
    assert tus.send(path, b"", 20).status_code == 422
    assert list(parts.parts_folder().glob("*-*")) == []


def test_the_same_bytes_again(world: World, tus: Tus) -> None:
    tus.send(tus.begun(), TEXT)
    document = stored().document
    again = tus.begun()
    tus.send(again, TEXT)
    told = tus.ask("GET", again).json()
    assert told["state"] == "here"
    assert told["message"] == f"It is {document.reference}, version 1."
    assert str(document.uuid) in told["url"]
    wanted = tus.begun(storeAgain="1")
    tus.send(wanted, TEXT)
    assert tus.ask("GET", wanted).json()["state"] == "stored"
    assert Document.objects.count() == 2


def test_the_same_bytes_where_one_may_not_see_them(world: World, tus: Tus) -> None:
    tus.send(tus.begun(rung="organisation"), TEXT)
    other = Tus(world, world.coordinator)
    path = other.begun()
    other.send(path, TEXT)
    assert other.ask("GET", path).json()["state"] == "stored"


def test_an_outcome_that_one_may_not_see_any_more_is_not_named(world: World) -> None:
    tus = Tus(world, world.coordinator)
    mine = tus.begun()
    Tus(world, world.contributor).send(Tus(world, world.contributor).begun(), TEXT)
    first = Tus(world, world.contributor)
    path = first.begun(3000, storeAgain="1")
    assert first.ask("GET", path).json() == {"state": "sending", "offset": 0, "message": ""}
    tus.send(mine, TEXT)
    assert tus.ask("GET", mine).json()["state"] == "here"
    services.share_document(
        acting_user=world.editor, document=stored().document, rung="organisation"
    )
    told = tus.ask("GET", mine).json()
    assert told == {"state": "here", "offset": 0, "message": ""}


def test_folders_on_the_way(world: World, tus: Tus) -> None:
    top = services.make_folder(
        acting_user=world.coordinator, workspace=world.workspace, name="Réports"
    )
    for number, path in enumerate(["reports/2026/a.txt", "Reports/2026/b.txt", "Q?/../c.txt"]):
        body = TEXT + str(number).encode()
        tus.send(tus.begun(len(body), relativePath=path), body)
    assert Folder.objects.filter(parent=top).get().name == "2026"
    assert Document.objects.filter(folder__parent=top).count() == 2
    assert Folder.objects.filter(parent__name="Q_").get().name == "folder"
    inside = tus.begun(folder=str(top.uuid), relativePath="2026/a.txt", storeAgain="1")
    tus.send(inside, TEXT)
    assert Document.objects.filter(folder__parent=top).count() == 3


def test_a_folder_of_another_workspace(world: World, tus: Tus) -> None:
    elsewhere = worlds.make_workspace(world.coalition)
    worlds.join(elsewhere, world.contributor, world.owner, "contributor")
    folder = services.make_folder(
        acting_user=world.contributor, workspace=elsewhere, name="Elsewhere"
    )
    assert tus.begin(10, folder=str(folder.uuid)).status_code == 404


def test_child_data_stays_in_the_workspace(tus: Tus) -> None:
    assert tus.begin(10, childData="1", rung="coalition").status_code == 400
    tus.send(tus.begun(childData="1", rung="workspace"), TEXT)
    assert stored().document.audiences.get().child_data


@pytest.mark.parametrize(
    ("said", "shows", "sealed"),
    [
        ({"recognisable": "yes", "consent": "yes"}, True, False),
        ({"recognisable": "yes", "consent": "no"}, True, True),
        ({"childData": "1"}, True, True),
        ({}, False, False),
    ],
)
def test_whether_a_child_can_be_recognised_is_decided_at_the_start(
    tus: Tus, said: dict[str, str], shows: bool, sealed: bool
) -> None:
    path = tus.begun(rung="workspace", **said)
    upload = row_of(path)
    assert (upload.shows_child, upload.child_data) == (shows, sealed)
    ResumableUpload.objects.update(metadata="")
    tus.send(path, TEXT)
    document = stored().document
    assert (document.shows_child, document.audiences.get().child_data) == (shows, sealed)


def test_the_token_of_a_form_is_asked_for(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.contributor)
    tus = Tus(world, world.contributor)
    tus.client = client
    assert tus.begin(10).status_code == 403
    page = client.get(f"/en/workspaces/{world.workspace.uuid}/upload/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = tus.ask("POST", Upload_Length="10", X_CSRFToken=token)
    assert answer.status_code == 201
    assert tus.send(answer.headers["Location"], b"x").status_code == 403
    assert tus.send(answer.headers["Location"], b"x", X_CSRFToken=token).status_code == 204


def test_the_tokens_of_organisations_open_nothing(world: World, tus: Tus) -> None:
    path = tus.begun()
    anonymous = client_of(None)
    answer = anonymous.head(path, headers={"Authorization": "Bearer x", "Tus-Resumable": "1.0.0"})
    assert answer.status_code == 302


def test_so_many_and_no_more(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coalitions.documents.services.resuming.OPEN_AT_MOST", 1)
    path = tus.begun()
    assert tus.begin(10).status_code == 429
    tus.send(path, TEXT)
    assert tus.begin(10).status_code == 201
