"""Pages about links: the owner's, and the one that somebody without an account sees."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from coalitions.documents import downloads, services
from coalitions.documents.models import Document, DocumentLink, DocumentView
from coalitions.documents.services.linking import revoke_link
from coalitions.documents.views import outsiders
from coalitions.network.models import AuditEntry
from tests import worlds
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.links import WORDS, inside, knock, make, page_of
from tests.documents.pages import client_of, get, streamed
from tests.documents.pages import page_of as document_page

TELLTALE = ("Telltale", "D-", "application/pdf", "PDF")


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "purpose": "Court of the coast",
        "version": "newest",
        "days": "7",
        "downloads": "2",
        "password": WORDS,
        "submission": str(uuid4()),
        **changed,
    }


def bare(response: Any, *secrets: str) -> str:
    """The page without what differs each time: the mark of the form, and what was asked."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    for secret in secrets:
        text = text.replace(secret, "…")
    return text


def end_in_every_way(world: World, document: Document) -> list[str]:
    """Return the secrets of links that are over, each for another reason, and of none."""
    secrets = []
    for number in range(4):
        link, secret = make(world.editor, document, downloads=1)
        rows = DocumentLink.objects.filter(pk=link.pk)
        if number == 0:
            revoke_link(acting_user=world.editor, link=link)
        elif number == 1:
            past = timezone.now() - timedelta(days=9)
            rows.update(since=past, until=past + timedelta(days=1))
        elif number == 2:
            rows.update(downloads_made=1)
        else:
            rows.update(until=timezone.now())
        secrets.append(secret)
    return [*secrets, "never-made", "x" * 200]


def test_nothing_is_told_before_the_password(world: World, document: Document) -> None:
    _link, secret = make(world.editor, document, purpose="Court")
    page = get(None, f"/en/links/{secret}/")
    assert page.status_code == 200
    text = page.content.decode()
    told = (*TELLTALE, "Court", document.owner.name, world.workspace.name, str(document.uuid))
    assert not [word for word in told if word in text]
    assert "<title>Open a link – Network Portal</title>" in text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in text


def test_every_link_that_is_over_is_answered_like_none(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same page for the same question, and one password hashed each time."""
    _living, secret = make(world.editor, document)
    hashed: list[str] = []
    for name in ("make_password", "check_password"):
        told = getattr(services.linking, name)
        monkeypatch.setattr(
            services.linking,
            name,
            lambda *args, told=told, name=name: (hashed.append(name), told(*args))[1],
        )
    over = [*end_in_every_way(world, document), ""]
    hashed.clear()
    questions = [(secret, "wrong-password"), *((one, WORDS) for one in over)]
    asked, refused = set(), set()
    for number, (one, password) in enumerate(questions, 1):
        cache.clear()
        client = Client()
        if one:
            page = client.get(f"/en/links/{one}/")
            asked.add((page.status_code, bare(page, one)))
        answer = knock(client, one, password)
        assert not answer.cookies.get("link", None)
        refused.add((answer.status_code, bare(answer, one or "\0"), len(answer.cookies)))
        assert len(hashed) == number
    assert len(asked) == 1
    # Without a secret there is nothing to hide: its field has no value.
    assert len({(status, re.sub(r' value="…"', "", text), n) for status, text, n in refused}) == 1
    assert AuditEntry.objects.filter(verb="link.opened").count() == 0


def test_after_the_password_title_size_type_and_file(world: World, document: Document) -> None:
    link, secret = make(world.editor, document, downloads=2)
    client = Client()
    answer = knock(client, secret)
    assert answer.status_code == 302
    assert answer.headers["Location"] == page_of(link)
    assert secret not in answer.headers["Location"]
    cookie = answer.cookies[f"link-{link.uuid.hex}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 1800)
    page = client.get(page_of(link))
    text = page.content.decode()
    assert "Telltale title" in text
    assert "PDF" in text
    assert "2 more downloads" in text
    assert f"<title>Document {document.reference} – Network Portal</title>" in text
    assert page.headers["X-Robots-Tag"]
    for hidden in (document.owner.name, world.workspace.name, world.editor.name, secret):
        assert hidden not in text
    file = client.get(page_of(link, "download/"))
    assert streamed(file).startswith(b"%PDF")
    assert "Telltale.pdf" in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "private, no-store"
    neutral = inside(secret).get(page_of(link, "download/?name=neutral"))
    assert "Telltale" not in neutral.headers["Content-Disposition"]
    # Two were granted.
    assert client.get(page_of(link, "download/")).status_code == 404
    assert client.get(page_of(link)).status_code == 404
    assert DocumentLink.objects.get().downloads_made == 2


def test_what_is_fetched_ahead_or_pressed_twice_counts_for_nothing(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, secret = make(world.editor, document)
    client = inside(secret)
    for header, said in (
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "Prefetch"),
    ):
        answer = client.get(page_of(link, "download/"), headers={header: said})
        assert (answer.status_code, answer.content) == (503, b"")
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert DocumentLink.objects.get().downloads_made == 0
    for _ in range(3):
        answer = client.get(page_of(link, "download/"))
        assert streamed(answer).startswith(b"%PDF")
    assert DocumentLink.objects.get().downloads_made == 1
    assert AuditEntry.objects.filter(verb="document.downloaded").count() == 1
    # Another pass is another download, and so is the next minute.
    inside(secret).get(page_of(link, "download/"))
    assert DocumentLink.objects.get().downloads_made == 2
    monkeypatch.setattr(downloads, "SAME_DOWNLOAD", timedelta(0))
    client.get(page_of(link, "download/"))
    assert DocumentLink.objects.get().downloads_made == 3


def test_every_download_counts_and_none_is_in_parts(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    assert inside(secret).head(page_of(link, "download/")).status_code == 200
    assert DocumentLink.objects.get().downloads_made == 0
    for made in (1, 2):
        answer = inside(secret).get(page_of(link, "download/"), headers={"Range": "bytes=10-"})
        assert answer.status_code == 200
        assert answer.headers["Accept-Ranges"] == "none"
        assert DocumentLink.objects.get().downloads_made == made
    rows = AuditEntry.objects.filter(verb="document.downloaded")
    assert {row.details["link"] for row in rows} == {str(link.uuid)}
    assert {(row.actor, row.acting_organisation) for row in rows} == {(None, None)}


def test_the_pass_is_for_this_link_alone(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    other = worlds.make_document(world.workspace, world.owner, title="Untold")
    other_link, _secret = make(world.editor, other)
    client = inside(secret)
    value = client.cookies[f"link-{link.uuid.hex}"].value
    client.cookies[f"link-{other_link.uuid.hex}"] = value
    for end in ("", "download/"):
        assert client.get(page_of(other_link, end)).status_code == 404
        assert Client().get(page_of(link, end)).status_code == 404
        assert client_of(world.editor).get(page_of(link, end)).status_code == 404
    # Nothing else opens either: not the document's own pages, not those of other versions.
    for end in ("", "versions/1/download/", "versions/1/pages/1.png", "who/", "links/"):
        assert client.get(document_page(document, end)).status_code == 302
    assert client.get(f"/api/v1/documents/{document.uuid}/").status_code == 404
    assert "Telltale" not in client.get("/en/search/?q=telltale").content.decode()


@pytest.mark.parametrize("forged", ["", "x", "eyJ9:x:y"])
def test_a_forged_or_old_pass_opens_nothing(
    world: World, document: Document, forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, secret = make(world.editor, document)
    client = Client()
    client.cookies[f"link-{link.uuid.hex}"] = forged
    assert client.get(page_of(link)).status_code == 404
    client = inside(secret)
    assert client.get(page_of(link)).status_code == 200
    monkeypatch.setattr(outsiders, "PASS_LASTS", -1)
    assert client.get(page_of(link)).status_code == 404


def test_revoking_is_answered_as_unknown_on_the_next_request(
    world: World, document: Document
) -> None:
    link, secret = make(world.editor, document)
    client = inside(secret)
    revoke_link(acting_user=world.editor, link=link)
    unknown = page_of(DocumentLink(uuid=uuid4()))
    for end in ("", "download/"):
        answer = client.get(page_of(link, end))
        assert answer.status_code == 404
        none = client.get(unknown + end)
        assert bare(answer, str(link.uuid)) == bare(none, unknown.split("/")[-2])


def test_a_pinned_link_opens_that_version_alone(world: World, document: Document) -> None:
    pinned, of_one = make(world.editor, document, version=1)
    newest, of_all = make(world.editor, document)
    services.add_version(
        acting_user=world.contributor,
        document=document,
        content=files.content(files.pdf("Second")),
        name="Newer.pdf",
    )
    for link, secret, name in ((pinned, of_one, "Telltale.pdf"), (newest, of_all, "Newer.pdf")):
        client = inside(secret)
        assert name in client.get(page_of(link)).content.decode()
        assert name in client.get(page_of(link, "download/")).headers["Content-Disposition"]


def test_tries_are_bounded_per_link_and_per_address(world: World, document: Document) -> None:
    _link, secret = make(world.editor, document)
    _other, other = make(world.editor, document)
    client = Client()
    for one in (secret, "never-made"):
        cache.clear()
        statuses = [knock(client, one, "wrong-password").status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert "Too many tries" in knock(client, one).content.decode()
    cache.clear()
    for number in range(10):
        knock(client, f"guess-{number}")
    assert knock(client, other).status_code == 429
    cache.clear()
    # The right password does not count: twelve people at one desk get in.
    assert [knock(Client(), secret).status_code for _ in range(12)] == [302] * 12


def test_strange_input_is_answered_kindly(world: World, document: Document) -> None:
    make(world.editor, document)
    client = Client()
    for secret, password in (
        ("", ""),
        ("x" * 5000, WORDS),
        ("\x00", "\x00"),
        ("é" * 40, "p" * 5000),
        ("/../", "🗝" * 30),
    ):
        cache.clear()
        assert knock(client, secret, password).status_code == 200
    for path in ("x" * 300, "%00", "ü", "open", "%F0%9F%97%9D"):
        assert client.get(f"/en/links/{path}/").status_code in (200, 400)
    assert client.get("/en/links/").status_code == 200
    assert client.delete("/en/links/").status_code == 405


def test_the_owner_makes_a_link_and_its_address_is_shown_once(
    world: World, document: Document
) -> None:
    client = client_of(world.editor)
    form = client.get(document_page(document, "links/new/")).content.decode()
    assert "no account is asked for" in form
    suggested = re.search(r'name="password" value="([^"]+)"', form)
    assert suggested is not None
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", suggested[1])
    sent = fields(password=suggested[1])
    made = client.post(document_page(document, "links/new/"), sent)
    found = re.search(r"http://testserver/en/links/([\w-]+)/", made.content.decode())
    assert found is not None
    assert "no-store" in made.headers["Cache-Control"]
    assert knock(Client(), found[1], suggested[1]).status_code == 302
    again = client.post(document_page(document, "links/new/"), sent, follow=True)
    text = again.content.decode()
    assert "was made already" in text
    assert DocumentLink.objects.count() == 1
    assert "Court of the coast" in text
    assert "0 of 2" in text
    assert found[1] not in text
    assert suggested[1] not in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", "31"),
        ("days", "0"),
        ("days", "soon"),
        ("downloads", "101"),
        ("downloads", "-1"),
        ("downloads", "9" * 40),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "x\x00" * 10),
        ("version", "7"),
        ("version", "newer"),
        ("purpose", "x" * 201),
        ("purpose", "a\x00b"),
        ("submission", "none"),
    ],
)
def test_wrong_terms_are_said_in_words(
    world: World, document: Document, field: str, value: str
) -> None:
    client = client_of(world.editor)
    answer = client.post(document_page(document, "links/new/"), fields(**{field: value}))
    assert answer.status_code == 200
    assert "Error:" in answer.content.decode()
    assert not DocumentLink.objects.exists()


def test_no_link_is_offered_where_there_can_be_none(
    world: World, document: Document, settings: Any
) -> None:
    client = client_of(world.editor)
    settings.LINKS_FOR_OUTSIDERS = False
    page = client.get(document_page(document, "links/new/"), follow=True).content.decode()
    assert "switched links for outsiders off" in page
    assert "/links/new/" not in page
    settings.LINKS_FOR_OUTSIDERS = True
    services.mark_child_data(acting_user=world.editor, document=document)
    page = client.post(document_page(document, "links/new/"), fields(), follow=True)
    assert "No link shows it" in page.content.decode()
    assert not DocumentLink.objects.exists()


def test_only_who_decides_finds_the_links(world: World, document: Document) -> None:
    link, _secret = make(world.editor, document)
    ends = ("links/", "links/new/", f"links/{link.uuid}/end/")
    for person in (world.contributor, world.coordinator, world.reader, world.stranger):
        for end in ends:
            assert get(person, document_page(document, end)).status_code == 404
            answer = client_of(person).post(document_page(document, end), fields())
            assert answer.status_code in (404, 405)
        assert "links/" not in get(person, document_page(document)).content.decode()
    assert "/links/" in get(world.editor, document_page(document)).content.decode()
    assert DocumentLink.objects.get().why == ""


def test_a_link_of_another_document_is_not_ended_here(world: World, document: Document) -> None:
    """Object swap: in the address of a document, only its own links."""
    own = worlds.make_document(world.workspace, world.owner)
    link, secret = make(world.editor, document)
    make(world.editor, own)
    for uuid in (link.uuid, uuid4(), document.uuid):
        answer = client_of(world.editor).post(document_page(own, f"links/{uuid}/end/"))
        assert answer.status_code == 404
    foreign = worlds.make_document(world.workspace, world.partner, rung="network")
    assert get(world.editor, document_page(foreign, "links/")).status_code == 404
    for end in ("links/", "links/new/", f"links/{link.uuid}/end/"):
        page = client_of(world.editor).post(document_page(foreign, end), fields())
        assert page.status_code in (404, 405)
    assert knock(Client(), secret).status_code == 302
    assert DocumentLink.objects.filter(why="").count() == 2


def test_revoking_says_what_it_cannot_undo(world: World, document: Document) -> None:
    link, secret = make(world.editor, document)
    inside(secret).get(page_of(link, "download/"))
    client = client_of(world.editor)
    end = document_page(document, f"links/{link.uuid}/end/")
    assert "It was downloaded 1 time so far" in client.get(end).content.decode()
    assert "The link was revoked" in client.post(end, follow=True).content.decode()
    assert "had ended already" in client.post(end, follow=True).content.decode()
    text = client.get(document_page(document, "links/")).content.decode()
    assert "Revoked" in text
    assert "1 of 3" in text
    assert "/end/" not in text


def test_the_owner_is_told_what_happened_through_a_link(world: World, document: Document) -> None:
    link, secret = make(world.editor, document, purpose="Court")
    client = inside(secret)
    for _ in range(2):
        client.get(page_of(link))
    client.get(page_of(link, "download/"))
    view = DocumentView.objects.get()
    assert (view.person, view.link) == (None, link)
    seen = get(world.editor, document_page(document, "seen/")).content.decode()
    assert "By a link: Court" in seen
    rows = streamed(get(world.editor, document_page(document, "seen/?format=csv"))).decode()
    assert rows.count("By a link: Court") == 2
    page = get(world.editor, document_page(document)).content.decode()
    assert "By a link" in page
    assert "1 link opens it" in page
    assert "1 link opens it" in get(world.editor, document_page(document, "who/")).content.decode()
    assert "1 link" not in get(world.reader, document_page(document, "who/")).content.decode()


def test_a_step_down_and_child_data_name_the_links_that_end(
    world: World, document: Document
) -> None:
    make(world.editor, document)
    for end in ("share/organisation/", "child-data/"):
        page = get(world.editor, document_page(document, end)).content.decode()
        assert "1 link for outsiders ends." in page
