"""Files: checked at each request, attachments only, ranges, one audit row per download."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from coalitions.access import STRANGER
from coalitions.documents import downloads as downloads_module
from coalitions.documents import services
from coalitions.documents.downloads import attachment, download_response
from coalitions.documents.models import Document, DocumentVersion
from coalitions.documents.ranges import Span, Unsatisfiable, requested_range
from coalitions.network.models import AuditEntry, WorkspaceMembership
from coalitions.network.viewers import viewer_for_token
from portal.accounts.models import User
from tests import worlds
from tests.documents import files, telling
from tests.documents.conftest import World
from tests.documents.pages import body_of

DATA = bytes(range(256)) * 8


@pytest.fixture
def document(world: World) -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.pdf("Confidential")),
        name="Bericht “Süd”.pdf",
    )


def get(user: User | None, document: Document, query: str = "", **headers: Any) -> HttpResponse:
    client = Client()
    if user is not None:
        client.force_login(user)
    address = f"/en/documents/{document.uuid}/versions/1/download/{query}"
    return client.get(address, headers=headers)  # type: ignore[return-value]


def downloads() -> int:
    return AuditEntry.objects.filter(verb="document.downloaded").count()


def test_headers_of_a_download(world: World, document: Document) -> None:
    response = get(world.reader, document)
    version = document.current_version
    assert version is not None
    assert body_of(response) == version.file.read()
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"Bericht _S_d_.pdf\"; filename*=UTF-8''"
        "Bericht%20%E2%80%9CS%C3%BCd%E2%80%9D.pdf"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Length"] == str(version.size)
    assert version.sha256 not in str(response.headers)
    row = AuditEntry.objects.get(verb="document.downloaded")
    assert (row.actor, row.acting_organisation) == (world.reader.uuid, world.partner.uuid)


def test_a_neutral_name(world: World, document: Document) -> None:
    response = get(world.reader, document, "?name=neutral")
    assert f'filename="{document.reference}-1.pdf"' in response.headers["Content-Disposition"]


def test_others_get_what_a_missing_file_gets(world: World, document: Document) -> None:
    suspended = worlds.make_organisation()
    lost = worlds.make_person(suspended)
    worlds.suspend(suspended)
    worlds.join(world.workspace, lost, suspended)
    for user in (world.stranger, lost, worlds.make_person(is_superuser=True)):
        refused = get(user, document)
        missing = Client()
        missing.force_login(user)
        absent = missing.get(f"/en/documents/{uuid4()}/versions/1/download/")
        assert refused.status_code == absent.status_code == 404
    assert get(None, document).status_code == 302
    assert downloads() == 0


def test_revocation_holds_on_the_next_request(world: World, document: Document) -> None:
    assert get(world.reader, document).status_code == 200
    WorkspaceMembership.objects.filter(person=world.reader).update(until=timezone.now())
    assert get(world.reader, document).status_code == 404
    assert get(world.colleague, document).status_code == 200
    services.trash_document(acting_user=world.editor, document=document)
    assert get(world.colleague, document).status_code == 404


def test_ranges(world: World, document: Document) -> None:
    version = document.current_version
    assert version is not None
    data = version.file.read()
    size = len(data)
    first = get(world.reader, document, Range="bytes=0-99")
    assert (first.status_code, body_of(first)) == (206, data[:100])
    assert first.headers["Content-Range"] == f"bytes 0-99/{size}"
    last = get(world.reader, document, Range="bytes=-50")
    assert body_of(last) == data[-50:]
    rest = get(world.reader, document, Range=f"bytes={size - 1}-")
    assert body_of(rest) == data[-1:]
    beyond = get(world.reader, document, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    several = get(world.reader, document, Range="bytes=0-1,4-5")
    assert (several.status_code, body_of(several)) == (200, data)
    assert downloads() == 2


def test_if_range(world: World, document: Document) -> None:
    whole = get(world.reader, document)
    again = get(world.reader, document, Range="bytes=0-9", **{"If-Range": whole.headers["ETag"]})
    assert again.status_code == 206
    for condition in ('"other"', whole.headers["Last-Modified"]):
        changed = get(world.reader, document, Range="bytes=0-9", **{"If-Range": condition})
        assert changed.status_code == 200


def named(world: World) -> Document:
    return services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(telling.pdf()),
        name="names.pdf",
    )


def test_a_download_is_not_resumed_with_other_bytes(world: World) -> None:
    document = named(world)
    before = get(world.reader, document).headers["ETag"]
    assert document.versions.get().uuid.hex not in before.replace("-", "")
    services.remove_authors(acting_user=world.contributor, document=document, number=1)
    rest = get(world.reader, document, Range="bytes=9-", **{"If-Range": before})
    assert rest.status_code == 200
    assert rest.headers["ETag"] != before
    assert telling.MARK not in telling.everything_in(body_of(rest))


def test_a_file_that_is_exchanged_meanwhile_is_opened_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = named(world)
    found = downloads_module.visible_version

    def found_just_before(*args: Any) -> DocumentVersion:
        version = found(*args)
        monkeypatch.setattr(downloads_module, "visible_version", found)
        services.remove_authors(acting_user=world.contributor, document=document, number=1)
        return version

    monkeypatch.setattr(downloads_module, "visible_version", found_just_before)
    answer = get(world.reader, document)
    version = document.versions.get()
    assert answer.headers["Content-Length"] == str(version.size)
    assert body_of(answer) == version.file.read()
    assert downloads() == 1


def test_the_ranges_of_one_download_count_once(world: World, document: Document) -> None:
    for start in (0, 100, 200):
        body_of(get(world.reader, document, Range=f"bytes={start}-{start + 99}"))
    assert downloads() == 1
    body_of(get(world.colleague, document, Range="bytes=0-9"))
    assert downloads() == 2
    body_of(get(world.reader, document))
    assert downloads() == 3


def test_ranges_of_another_day_count_again(world: World, document: Document) -> None:
    from unittest import mock

    body_of(get(world.reader, document, Range="bytes=0-9"))
    later = timezone.now() + timedelta(hours=2)
    with mock.patch("coalitions.documents.downloads.timezone.now", return_value=later):
        body_of(get(world.reader, document, Range="bytes=10-19"))
    assert downloads() == 2


def test_head_downloads_nothing(world: World, document: Document) -> None:
    client = Client()
    client.force_login(world.reader)
    response = client.head(f"/en/documents/{document.uuid}/versions/1/download/")
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) > 100
    assert downloads() == 0


def test_html_is_no_page_of_ours(world: World) -> None:
    page = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"<!doctype html><script>alert(1)</script>"),
        name="page.html",
    )
    response = get(world.reader, page)
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_token_downloads_with_its_own_row(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="network")
    token = viewer_for_token(world.outside, ["read:network"], uuid4())
    request = RequestFactory().get("/")
    response = download_response(
        request,
        document_uuid=document.uuid,
        number=1,
        viewer=token,
        acting_organisation=world.outside,
    )
    assert response.status_code == 200
    row = AuditEntry.objects.get(verb="document.downloaded")
    assert (row.actor, row.acting_organisation) == (None, world.outside.uuid)
    assert row.details["token"] == str(token.token_uuid)


def test_a_public_file_for_everybody(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="public")
    response = get(None, document)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert STRANGER.is_stranger


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999999999"])
def test_versions_that_are_not_there(world: World, document: Document, number: str) -> None:
    client = Client()
    client.force_login(world.reader)
    address = f"/en/documents/{document.uuid}/versions/{number}/download/"
    assert client.get(address).status_code == 404


def test_a_file_missing_from_the_storage_is_a_missing_page(
    world: World, document: Document
) -> None:
    version = document.current_version
    assert version is not None
    version.file.storage.delete(str(version.file.name))
    assert get(world.reader, document).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        'a"b.pdf', "a\r\nSet-Cookie: x=1.pdf", "ä€عربي.pdf", "100%.pdf", "a\\b;c.pdf",
        "\u202efdp.exe", "x" * 255, "", "日本.pdf", "a'b*c.pdf", "\ud800.pdf",
    ],
)  # fmt: skip
def test_names_of_every_kind(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    plain, true = header.removeprefix('attachment; filename="').split("\"; filename*=UTF-8''")
    assert '"' not in plain
    assert (
        unquote(true)
        == ("".join(c for c in name if c.isprintable()) or "file")
        .encode("utf-8", "replace")
        .decode()
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=5-", Span(5, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
        ("bytes=2-99", Span(2, 10)),
        ("BYTES = 1 - 2", Span(1, 3)),
        (f"bytes=0-{'9' * 400}", Span(0, 10)),
        ("bytes=5-2", None),
        ("bytes=a-b", None),
        ("bytes=-", None),
        ("bytes=1-2,3-4", None),
        ("lines=1-2", None),
        ("bytes=٣-٤", None),
        ("", None),
    ],
)
def test_range_headers(header: str, expected: Span | None) -> None:
    assert requested_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-11", "bytes=-0", f"bytes={'9' * 400}-"])
def test_ranges_outside_the_file(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        requested_range(header, 10)
    with pytest.raises(Unsatisfiable):
        requested_range("bytes=0-", 0)
