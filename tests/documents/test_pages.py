"""The pages: what each viewer sees, in words and numbers, and nothing of what is hidden."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coalitions.access import Viewer
from coalitions.documents import services, tasks
from coalitions.documents.images import image_folder
from coalitions.documents.labels import audience_of
from coalitions.documents.marking import paragraphs
from coalitions.documents.models import Document
from coalitions.documents.permissions import neighbours
from coalitions.documents.reach import Reach
from coalitions.network.models import DocumentType
from coalitions.network.viewers import viewer_for
from portal.accounts.models import User
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def get(user: User | None, path: str, **query: str) -> HttpResponse:
    return client_of(user).get(path, query)  # type: ignore[return-value]


def page_of(document: Document, end: str = "") -> str:
    return f"/en/documents/{document.uuid}/{end}"


@pytest.fixture
def document(world: World) -> Document:
    data = files.pdf("Alpha page", "The rights of the child", "Gamma page")
    document = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name="Telltale.pdf",
        title="Telltale title",
        language="en",
    )
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    return document


def test_the_page_that_was_asked_for(world: World, document: Document) -> None:
    page = get(world.reader, page_of(document), page="2", q="right child").content.decode()
    assert "The <mark>rights</mark> of the <mark>child</mark>" in page
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
    ["", "edit/", "share/coalition/", "child-data/", "withdraw/", "downloads/", "versions/add/",
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
        ("withdraw/", {"editor", "coordinator"}),
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
    client_of(world.editor).post(page_of(document, "child-data/"), {"mark": "no"})
    audience = audience_of(document)
    assert audience is not None
    assert (audience.child_data, audience.rung) == (False, "workspace")


def test_withdrawing_and_bringing_back(world: World, document: Document) -> None:
    client = client_of(world.editor)
    confirm = client.get(page_of(document, "withdraw/")).content.decode()
    assert "Its one version is kept." in confirm
    assert client.post(page_of(document, "withdraw/")).status_code == 302
    assert get(world.reader, page_of(document)).status_code == 404
    listed = client.get("/en/documents/withdrawn/").content.decode()
    assert "Telltale title" in listed
    for user in (world.reader, world.contributor, world.coordinator):
        assert get(user, "/en/documents/withdrawn/").status_code == 404
        assert client_of(user).post(page_of(document, "bring-back/")).status_code == 404
    other = get(world.stranger, "/en/documents/withdrawn/")
    assert (other.status_code, b"Telltale" in other.content) == (200, False)
    for _ in range(2):
        assert client.post(page_of(document, "bring-back/")).status_code == 302
    assert get(world.reader, page_of(document)).status_code == 200


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


def test_page_images_are_checked_like_downloads(world: World, document: Document) -> None:
    image = page_of(document, "versions/1/pages/2.png")
    first = get(world.reader, image)
    assert first.content.startswith(b"\x89PNG")
    assert first.headers["Cache-Control"] == "private, no-store"
    kept = [path for path in image_folder().rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["2-1000.png"]
    assert get(world.reader, image).content == first.content
    for number in ("0", "4", "100001", "9" * 40):
        away = page_of(document, f"versions/1/pages/{number}.png")
        assert get(world.reader, away).status_code == 404
    services.share_document(acting_user=world.editor, document=document, rung="organisation")
    assert get(world.reader, image).status_code == 404
    assert get(world.colleague, image).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (files.png(3000, 2000), "a.png", 200),
        (b"\x89PNG\r\n\x1a\n broken", "a.png", 404),
        (b"%PDF-1.4 broken", "a.pdf", 404),
        (files.pdf(password="x"), "a.pdf", 404),
        (b"words", "a.txt", 404),
        (files.png(12_000, 12_000), "a.png", 404),
    ],
)
def test_pictures_of_every_kind(world: World, data: bytes, name: str, status: int) -> None:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
    )
    assert get(world.reader, page_of(sent, "versions/1/pages/1.png")).status_code == status
    assert get(world.reader, page_of(sent, "versions/1/pages/2.png")).status_code == 404
    tasks.sweep_extractions()
    assert get(world.reader, page_of(sent)).status_code == 200


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


def test_lists_hold_what_one_may_see(world: World, document: Document) -> None:
    secret = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(b"secret"),
        name="Secret.txt",
        rung="organisation",
    )
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    seen = get(world.reader, where).content.decode()
    assert "Telltale title" in seen
    assert secret.title not in seen
    assert "1 document" in seen
    for user in (world.colleague, world.stranger):
        assert get(user, where).status_code == 404
    assert get(None, where).status_code == 302
    mine = get(world.colleague, "/en/documents/").content.decode()
    assert "Telltale title" in mine
    assert secret.title in mine
    assert "Telltale title" not in get(world.stranger, "/en/documents/").content.decode()
    assert "Telltale title" not in get(None, "/en/documents/").content.decode()
    services.share_document(acting_user=world.editor, document=document, rung="public")
    assert "Telltale title" in get(None, "/en/documents/").content.decode()


def test_filters_sorting_and_pages(world: World, document: Document) -> None:
    for number in range(30):
        worlds.make_document(
            world.workspace,
            world.partner,
            by=world.reader,
            title=f"Paper {number:02}",
            language="fr",
        )
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    french = get(world.reader, where, language="fr", sort="name").content.decode()
    assert french.index("Paper 00") < french.index("Paper 01")
    assert "Telltale" not in french
    assert "30 documents" in french
    last = get(world.reader, where, language="fr", sort="name", page="99999").content.decode()
    assert "Paper 29" in last
    owned = get(world.reader, where, owner=str(world.owner.uuid)).content.decode()
    assert "Paper" not in owned
    none = get(world.reader, where, language="de").content.decode()
    assert "No document fits this choice." in none
    for values in ({"sort": "x"}, {"owner": "x"}, {"type": "9" * 999}, {"page": "9" * 5000}):
        assert get(world.reader, where, **values).status_code == 200


def count_queries(user: User | None, path: str) -> int:
    client = client_of(user)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_lists_ask_no_more_for_more_rows(world: World, document: Document) -> None:
    where = f"/en/workspaces/{world.workspace.uuid}/documents/"
    paths = (where, "/en/documents/")
    for path in paths:
        client_of(world.reader).get(path)
    before = [count_queries(world.reader, path) for path in paths]
    for _ in range(10):
        worlds.make_document(world.workspace, world.partner, by=world.reader)
    assert [count_queries(world.reader, path) for path in paths] == before
    assert max(before) <= 25


def test_the_document_page_asks_no_more_for_more_versions(world: World, document: Document) -> None:
    before = count_queries(world.editor, page_of(document))
    for number in range(5):
        services.add_version(
            acting_user=world.contributor,
            document=document,
            content=files.content(f"text {number}".encode()),
            name="t.txt",
        )
    assert count_queries(world.editor, page_of(document)) <= before
    assert before <= 45


def test_reach_counts_with_the_viewers_eyes(world: World) -> None:
    hidden = worlds.make_organisation(listed=False)
    partner = worlds.make_organisation(kind="partner")
    suspended = worlds.make_organisation()
    worlds.suspend(suspended)
    member = Reach(viewer_for(world.reader), world.workspace, world.owner)
    assert member.words("network") == "People of 4 organisations in 0 countries"
    outsider = worlds.make_person(partner)
    other = Reach(viewer_for(outsider), world.workspace, world.owner)
    assert other.words("network") == "People of 3 organisations in 0 countries"
    assert other.words("coalition") == "The organisations of its coalition"
    stranger = Reach(Viewer(), world.workspace, world.owner)
    assert stranger.words("network") == "The network"
    assert stranger.words("organisation") == world.owner.name
    assert Reach(Viewer(), world.workspace, hidden).words("organisation") == (
        "The organisation that owns it"
    )


def test_neighbours_of_a_rung(world: World) -> None:
    from coalitions.access import ladder_for

    ladder = ladder_for(need_to_know=False, in_coalition=True, child_data=False)
    assert neighbours("organisation", ladder) == (None, "workspace")
    assert neighbours("public", ladder) == ("network", None)
    sealed = ladder_for(need_to_know=True, in_coalition=True, child_data=True)
    assert neighbours("members", sealed) == (None, "workspace")
    assert neighbours("public", sealed) == ("members", None)


@pytest.mark.parametrize("query", ["", "child", '"of the child" rights', "\ud800", "x" * 999, '""'])
def test_marks_leave_the_text_as_it_is(query: str) -> None:
    text = "The rights\nof the child\n\nand <b>more</b> children"
    found = paragraphs(text, "en", query)
    joined = "\n\n".join("".join(piece.text for piece in pieces) for pieces in found)
    assert joined == text


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
