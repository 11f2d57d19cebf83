"""The pages: what each viewer sees, in words and numbers, and nothing of what is hidden."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages

from coalitions.documents import services, tasks
from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document
from coalitions.network.models import DocumentType
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import client_of, get, page_of


def test_the_page_that_was_asked_for(world: World, document: Document) -> None:
    page = get(world.reader, page_of(document), page="2", q="right child").content.decode()
    assert 'The <mark id="mark-1">rights</mark> of the <mark>child</mark>' in page
    assert "Alpha page" not in page
    assert "versions/1/pages/2.png" in page
    assert "<title>Document " in page
    assert page.count("Telltale title") == 1
    text = get(world.reader, page_of(document), page="2", view="text").content.decode()
    assert "pages/2.png" not in text
    picture = get(world.reader, page_of(document), page="2", view="image").content.decode()
    assert "The rights of the child" not in picture


@pytest.mark.parametrize(
    "asked", ["0", "4", "-1", "9" * 30, "9" * 5000, "x", "", "٣", "1e3", "\ufffd"]
)
def test_pages_that_are_not_there(world: World, document: Document, asked: str) -> None:
    response = get(world.reader, page_of(document), page=asked, view="nonsense")
    assert response.status_code == 200
    assert "Alpha page" in response.content.decode()


def test_versions_have_permanent_addresses(world: World, document: Document) -> None:
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(b"A second version in words."),
        name="b.txt",
        note="Corrected figures",
    )
    now = get(world.reader, page_of(document)).content.decode()
    assert "The text is being read." in now
    assert "Corrected figures" in now
    old = get(world.reader, page_of(document, "versions/1/")).content.decode()
    assert "This is an earlier version." in old
    assert "Alpha page" in old
    assert get(world.reader, page_of(document, "versions/3/")).status_code == 404


@pytest.mark.parametrize(
    "end",
    ["", "edit/", "share/coalition/", "child-data/", "downloads/", "versions/add/",
     "versions/1/", "versions/1/pages/1.png"],
)  # fmt: skip
def test_hidden_and_missing_are_alike(world: World, document: Document, end: str) -> None:
    missing = f"/en/documents/{uuid4()}/{end}"
    suspended = worlds.make_person(worlds.make_organisation(), "administrator")
    for user in (world.stranger, suspended, worlds.make_person(is_superuser=True, is_staff=True)):
        assert get(user, page_of(document, end)).status_code == 404
        assert get(user, missing).status_code == 404
    for path in (page_of(document, end), missing):
        answer = get(None, path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/en/account/")


@pytest.mark.parametrize(
    ("end", "allowed"),
    [
        ("edit/", {"editor", "contributor"}),
        ("versions/add/", {"editor", "contributor"}),
        ("child-data/", {"editor", "contributor"}),
        ("share/coalition/", {"editor"}),
        ("downloads/", {"editor"}),
        ("", {"editor", "contributor", "coordinator", "reader", "colleague"}),
    ],
)
def test_who_gets_which_page(world: World, document: Document, end: str, allowed: set[str]) -> None:
    everybody = ("editor", "contributor", "coordinator", "reader", "colleague", "stranger")
    seen = {
        name
        for name in everybody
        if get(getattr(world, name), page_of(document, end)).status_code == 200
    }
    assert seen == allowed


def test_the_place_is_named_to_its_members_only(world: World, document: Document) -> None:
    inside = get(world.reader, page_of(document)).content.decode()
    assert world.workspace.name in inside
    assert "This workspace: 2 organisations, 4 people" in inside
    outside = get(world.colleague, page_of(document)).content.decode()
    assert world.workspace.name not in outside
    assert world.workspace.reference not in outside
    assert str(world.workspace.uuid) not in outside
    assert "The members of its workspace" in outside
    assert world.contributor.name in outside
    services.share_document(acting_user=world.editor, document=document, rung="public")
    unlisted = world.owner
    unlisted.listed = False
    unlisted.save()
    public = get(None, page_of(document)).content.decode()
    assert "<title>Telltale title" in public
    for hidden in (
        world.workspace.name, world.workspace.reference, world.owner.name, world.coalition.name,
        world.contributor.name, str(world.workspace.uuid),
    ):  # fmt: skip
        assert hidden not in public
    assert "Everybody, also without an account" in public
    assert "coalition" not in public.split("Who can see this")[1].split("</section>")[0]


def test_sharing_asks_in_words_and_numbers(world: World, document: Document) -> None:
    page = get(world.editor, page_of(document)).content.decode()
    assert "Share further: Coalition" in page
    assert "One step back: Organisation" in page
    confirm = get(world.editor, page_of(document, "share/network/")).content.decode()
    assert "People of 3 organisations in 0 countries" in confirm
    assert f"{world.coalition.name}: 2 organisations, 6 people" not in confirm
    assert world.coalition.name in confirm
    client = client_of(world.editor)
    stale = client.post(page_of(document, "share/network/"), {"from": "organisation"})
    assert "Somebody changed who can see" in stale.content.decode()
    for _ in range(2):
        done = client.post(page_of(document, "share/network/"), {"from": "workspace"})
        assert done.status_code == 302
    audience = audience_of(document)
    assert audience is not None
    assert (audience.rung, document.audiences.count()) == ("network", 2)
    assert client.get(page_of(document, "share/members/")).status_code == 404
    assert client.get(page_of(document, "share/nonsense/")).status_code == 404
    danger = client.get(page_of(document, "share/public/")).content.decode()
    assert "Make public" in danger
    assert "button-danger" in danger
    back = client.get(page_of(document, "share/organisation/")).content.decode()
    assert "Those who are not in the list above lose sight" in back


def test_marking_child_data(world: World, document: Document) -> None:
    services.share_document(acting_user=world.editor, document=document, rung="public")
    client = client_of(world.contributor)
    confirm = client.get(page_of(document, "child-data/")).content.decode()
    assert "All others lose sight of it at once" in confirm
    client.post(page_of(document, "child-data/"), {"mark": "yes"})
    page = get(world.reader, page_of(document)).content.decode()
    assert "Child data" in page
    assert "<title>Document D-" in page
    assert get(None, page_of(document)).status_code == 302
    assert client.get(page_of(document, "child-data/")).status_code == 404
    assert client.get(page_of(document, "child-data/lift/")).status_code == 404
    lifting = get(world.editor, page_of(document, "child-data/lift/")).content.decode()
    assert "another confirms within fourteen days" in lifting


def test_the_owner_sees_downloads_by_organisation(world: World, document: Document) -> None:
    get(world.reader, page_of(document, "versions/1/download/"))
    page = get(world.editor, page_of(document)).content.decode()
    assert "1 download" in page
    assert world.partner.name in page
    log = get(world.editor, page_of(document, "downloads/")).content.decode()
    assert world.partner.name in log
    assert world.reader.name not in log
    assert "Nobody has downloaded" not in page
    assert ">Downloads<" not in get(world.contributor, page_of(document)).content.decode()


def test_editing_details(world: World, document: Document) -> None:
    client = client_of(world.contributor)
    report = DocumentType.objects.get(code="report")
    other = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"other"),
        name="other.txt",
    )
    wrong = {
        "title": "",
        "language": "en",
        "articles": "3, 55",
        "date": "31-31-2026",
        "translation_of": document.reference,
    }
    page = client.post(page_of(document, "edit/"), wrong).content.decode()
    for words in ("is no article of the Convention", "2026-11-24", "no other document"):
        assert words in page
    assert 'value="3, 55"' in page
    right = {
        "title": "Better",
        "language": "nl",
        "type": str(report.pk),
        "articles": "37 3",
        "date": "2026-05-01",
        "translation_of": other.reference.lower(),
    }
    assert client.post(page_of(document, "edit/"), right).status_code == 302
    shown = client.get(page_of(document)).content.decode()
    for words in ("Better", "Article 3", "Article 37", report.label, "1 May 2026", "other"):
        assert words in shown
    for value in ("a\x00b", "x" * 300, "9" * 5000):
        assert (
            client.post(page_of(document, "edit/"), {"title": value, "articles": value}).status_code
            == 200
        )


def test_text_is_escaped(world: World) -> None:
    sent: Any = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"Say <script>alert(1)</script> twice"),
        name="<img src=x>.txt",
        title="<b>Bold</b>",
    )
    tasks.extract(sent.current_version.pk)
    page = get(world.reader, page_of(sent), q="script <i>").content.decode()
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert "<img src=x" not in page
    assert storages["documents"].exists(str(sent.current_version.file.name))
