"""A file that is not open: every channel says so kindly, and gives neither bytes nor words."""

import io
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.access import Rung
from coalitions.documents import images, services
from coalitions.documents.models import Document, DocumentPage, TextExtraction, VirusScan
from coalitions.documents.signals import document_changed
from search import outbox
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.links import inside, make
from tests.documents.links import page_of as link_page
from tests.documents.pages import body_of, client_of, get, page_of, text_of

WORDS = "Unmistakable kumquat sentence"
BODY = b"%PDF"
STATES = {"waiting": 503, "infected": 409, "failed": 409}
SAID = {"waiting": "being checked", "infected": "in quarantine", "failed": "could not be checked"}


@pytest.fixture
def document(world: World) -> Document:
    """Two versions, both read, drawn and indexed before they were closed."""
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(files.pdf(WORDS, WORDS + " again")),
        name="report.pdf",
        title="Plain title",
    )
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(files.pdf(WORDS + " changed", WORDS)),
        name="report.pdf",
    )
    for version in document.versions.all():
        texts = (WORDS, WORDS + " again")
        for number, text in enumerate(texts, 1):
            DocumentPage.objects.create(version=version, number=number, text=text, language="en")
        TextExtraction.objects.filter(version=version).update(state="done", page_count=2)
        for name in ("1-1000.png", "1-160.png"):
            with images.keeping(version, name) as kept:
                kept.write_bytes(BODY)
    document.language, document.language_from_text = "en", False
    document.save()
    outbox.drain()
    return document


@pytest.fixture(params=list(STATES))
def state(request: Any, document: Document, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    for version in document.versions.all():
        VirusScan.objects.create(version=version, state=request.param, found="Some-Virus")
    return str(request.param)


def test_pages_say_why_and_show_nothing(world: World, document: Document, state: str) -> None:
    for end in ("", "?page=2", "?q=kumquat", "?view=image", "versions/1/", "versions/1/pages/"):
        response = get(world.reader, page_of(document) + end)
        text = text_of(response)
        assert (response.status_code, "Plain title" in text) == (200, True), end
        assert SAID[state] in text, end
        assert "kumquat sentence" not in text, end
        assert ".png" not in text, end
        assert "/download/" not in text, end
    versions = text_of(get(world.contributor, page_of(document, "versions/")))
    assert "/download/" not in versions
    assert "/restore/" not in versions
    comparison = text_of(get(world.reader, page_of(document, "versions/1/compare/2/")))
    assert SAID[state] in comparison
    assert "kumquat" not in comparison
    assert "/download/" not in comparison


@pytest.mark.parametrize(
    "end",
    [
        "download/",
        "download/?name=neutral",
        "pages/1.png",
        "pages/1.png?width=160",
        "pages/2.png?width=2000",
    ],
)
def test_files_and_pictures_are_not_given(
    world: World, document: Document, state: str, end: str
) -> None:
    path = page_of(document, f"versions/1/{end}")
    client = client_of(world.reader)
    for response in (
        client.get(path),
        client.head(path),
        client.get(path, headers={"range": "bytes=0-3"}),
    ):
        assert response.status_code == STATES[state]
        assert response.headers["Content-Type"].startswith("text/html")
        assert response.headers["Cache-Control"] == "private, no-store"
        assert ("Retry-After" in response.headers) == (state == "waiting")
        assert BODY not in body_of(response)
    assert SAID[state] in client.get(path).content.decode()
    # Whoever does not see the document learns nothing of its file.
    hidden = get(world.stranger, path)
    assert hidden.status_code == 404
    assert SAID[state] not in hidden.content.decode()
    assert "Retry-After" not in hidden.headers


def test_a_zip_names_what_it_leaves_out(world: World, document: Document, state: str) -> None:
    answer = client_of(world.reader).post(
        "/en/documents/selection/",
        {"act": "download", "document": [str(document.uuid)], "confirmed": "yes"},
    )
    archive = zipfile.ZipFile(io.BytesIO(body_of(answer)))
    (name,) = archive.namelist()
    assert name == "Left out.txt"
    assert document.reference.encode() in archive.read(name)


@pytest.mark.parametrize("indexed_again", [False, True])
def test_search_shows_no_words(
    world: World, document: Document, state: str, indexed_again: bool
) -> None:
    if indexed_again:
        document_changed.send(sender=Document, document=document, audience_tightened=False)
        outbox.drain()
    for path in (
        "/en/search/?q=unmistakable",
        "/en/search/?q=plain",
        f"/en/documents/{document.uuid}/search/?q=unmistakable",
        "/api/v1/search/?q=unmistakable",
    ):
        text = text_of(get(world.reader, path))
        assert "kumquat" not in text.lower(), path
        assert "sentence" not in text, path
    found = text_of(get(world.reader, "/en/search/?q=unmistakable"))
    assert ("Plain title" not in found) or not indexed_again
    assert "Plain title" in text_of(get(world.reader, "/en/search/?q=plain"))


def test_the_api_says_it_in_json(world: World, document: Document, state: str) -> None:
    services.share_document(acting_user=world.editor, document=document, rung=Rung.PUBLIC)
    base = f"/api/v1/documents/{document.uuid}/"
    for client in (client_of(world.reader), Client()):
        for end in ("pages/", "versions/1/pages/", "versions/2/download/"):
            response = client.get(base + end)
            assert response.status_code == STATES[state], end
            assert response.headers["Content-Type"] == "application/problem+json"
            assert ("Retry-After" in response.headers) == (state == "waiting")
            assert "virus" in response.json()["detail"]
            assert "kumquat" not in response.content.decode()
        assert client.get(base).json()["version"]["closed"] == state
        versions = client.get(base + "versions/").json()["results"]
        assert [version["closed"] for version in versions] == [state, state]


def test_a_link_for_outsiders_waits_too_and_counts_nothing(
    world: World, document: Document, state: str
) -> None:
    link, secret = make(world.editor, document)
    client = inside(secret)
    for end in ("", "download/"):
        response = client.get(link_page(link, end))
        assert response.status_code == STATES[state]
        assert SAID[state] in response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert BODY not in response.content
    link.refresh_from_db()
    assert link.downloads_left == 3


def test_what_is_open_is_told_so(world: World, document: Document) -> None:
    answer = client_of(world.reader).get(f"/api/v1/documents/{document.uuid}/").json()
    assert answer["version"]["closed"] is None
    assert get(world.reader, page_of(document, "versions/1/download/")).status_code == 200


def test_of_an_infected_newest_version_the_older_ones_stay_open(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CLAMD_URL", "tcp://127.0.0.1:9")
    for number, verdict in ((1, "clean"), (2, "infected")):
        VirusScan.objects.create(version=document.versions.get(number=number), state=verdict)
    page = text_of(get(world.contributor, page_of(document)))
    assert "make an earlier version the newest again" in page
    assert "make an earlier version" not in text_of(get(world.reader, page_of(document)))
    assert get(world.reader, page_of(document, "versions/1/download/")).status_code == 200
    assert get(world.reader, page_of(document, "versions/2/download/")).status_code == 409
    services.restore_version(acting_user=world.contributor, document=document, number=1, seen=2)
    assert get(world.reader, page_of(document, "versions/3/download/")).status_code == 200
    assert "kumquat" in text_of(get(world.reader, page_of(document)))


def test_lists_and_forms_stand_with_a_closed_file(
    world: World, document: Document, state: str
) -> None:
    place = f"/en/workspaces/{world.workspace.uuid}/documents/"
    for path in (place, place + "?view=grid", "/en/documents/", "/en/my/"):
        assert "Plain title" in text_of(get(world.contributor, path))
    for end in ("edit/", "versions/add/", "versions/1/restore/", "seen/", "who/", "downloads/"):
        response = get(world.editor, page_of(document, end))
        assert response.status_code == 200, end
        assert "kumquat" not in text_of(response), end


def test_scans_are_not_asked_for_one_by_one(world: World, document: Document) -> None:
    client = client_of(world.reader)
    for path in (
        page_of(document),
        page_of(document, "versions/"),
        page_of(document, "versions/1/compare/2/"),
        "/api/v1/documents/",
        f"/api/v1/documents/{document.uuid}/versions/",
    ):
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        alone = [query for query in asked if 'FROM "documents_virusscan"' in query["sql"]]
        assert not alone, path
