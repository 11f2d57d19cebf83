"""Versions and pages in a browser: a file dropped on a row, two texts compared, one restored, a
document reserved; pages turned with keys, enlarged, and all at a glance.

On a desktop, on a phone, in Arabic, and without JavaScript where it applies.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from coalitions.documents import services, tasks
from coalitions.documents.models import Document, DocumentVersion, Reservation
from portal.accounts.models import User
from tests import worlds
from tests.browser.journey import Visit, make_empty_site
from tests.browser.test_search import judged
from tests.browser.visits import shot, visit
from tests.documents import files

__all__ = ["visit"]


def scripted(visit: Visit) -> bool:
    return bool(visit.options.get("java_script_enabled", True))


def make_things() -> tuple[User, User, Document]:
    """Two people of one organisation, and a document of two versions with their texts."""
    cache.clear()
    make_empty_site()
    owner = worlds.make_organisation("Lighthouse (invented)")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Harbour room")
    person, other = worlds.make_person(owner), worlds.make_person(owner, "editor")
    for somebody in (person, other):
        worlds.join(place, somebody, owner, "contributor")
    document = services.add_document(
        acting_user=person,
        workspace=place,
        content=ContentFile(files.pdf("First page", "The lanterns are old", "Last page")),
        name="a.pdf",
        title="Lights of the harbour",
        language="en",
    )
    services.add_version(
        acting_user=person,
        document=document,
        content=ContentFile(files.pdf("First page", "The lanterns are quite new", "Last page")),
        name="b.pdf",
        note="After the repair",
    )
    for version in document.versions.all():
        tasks.extract(version.pk)
    return person, other, document


def test_comparing_and_restoring(visit: Visit) -> None:
    person, _other, document = make_things()
    visit.sign_in(person)
    page = visit.page
    visit.open(f"documents/{document.uuid}/")
    judged(visit)
    shot(visit, "document")
    visit.follow(f"a[href$='/documents/{document.uuid}/versions/']")
    judged(visit)
    shot(visit, "versions")
    visit.follow("form.filters[action$='/versions/'] button")
    assert page.url.endswith("/versions/1/compare/2/")
    expect(page.locator("del")).to_have_count(1)
    expect(page.locator("ins")).to_have_count(1)
    judged(visit)
    shot(visit, "compare")
    visit.follow("a[href='?view=side'], a[href$='compare/2/?view=side']")
    judged(visit)
    shot(visit, "compare-side")
    visit.open(f"documents/{document.uuid}/versions/1/restore/")
    judged(visit)
    shot(visit, "restore")
    visit.follow("main form.form button[type=submit]")
    assert document.versions.count() == 3
    expect(page.locator(".page-text").first).to_contain_text("First page")
    judged(visit)


def test_reserving(visit: Visit) -> None:
    person, other, document = make_things()
    visit.sign_in(person)
    page = visit.page
    visit.open(f"documents/{document.uuid}/reservation/")
    judged(visit)
    shot(visit, "reserve")
    visit.follow("main form.form button[type=submit]")
    expect(page.locator(".notice-info").first).to_be_visible()
    judged(visit)
    shot(visit, "reserved")
    visit.open(f"workspaces/{document.workspace.uuid}/documents/")
    expect(page.locator(".being-edited")).to_be_visible()
    judged(visit)
    shot(visit, "list")
    visit.open("documents/")
    visit.context.clear_cookies()
    visit.sign_in(other)
    visit.open(f"documents/{document.uuid}/versions/add/")
    expect(page.locator("main input[type=file]")).to_have_count(0)
    judged(visit)
    visit.follow("main .notice a")
    judged(visit)
    shot(visit, "lift")
    visit.follow("main form[action$='/lift/'] button")
    assert not Reservation.objects.in_force().exists()
    judged(visit)


def test_turning_pages(visit: Visit) -> None:
    person, _other, document = make_things()
    visit.sign_in(person)
    page = visit.page
    visit.open(f"documents/{document.uuid}/")
    visit.follow(f"a[href$='/documents/{document.uuid}/versions/2/pages/']")
    expect(page.locator(".thumbnails img")).to_have_count(3)
    page.wait_for_timeout(2500)
    judged(visit)
    shot(visit, "pages")
    visit.follow(".thumbnails li:nth-child(2) a")
    assert "page=2" in page.url
    visit.follow(".zooms li:nth-child(3) a")
    assert "zoom=200" in page.url
    judged(visit)
    shot(visit, "zoomed")
    picture, frame = page.locator(".page-image img"), page.locator(".page-image")
    wide, narrow = picture.bounding_box(), frame.bounding_box()
    assert wide is not None
    assert narrow is not None
    assert wide["width"] > 1.8 * narrow["width"]
    if not scripted(visit):
        visit.follow(".page-jump a[rel=next]")
        assert "page=3" in page.url
        assert "zoom=200" in page.url
        return
    forward, back = ("ArrowLeft", "ArrowRight")[:: 1 if visit.language == "ar" else -1]
    page.locator("#page-top").focus()
    page.keyboard.press(forward)
    assert "page=2" in page.url  # where one writes, the keys write
    page.locator("h1").click()
    page.keyboard.press(forward)
    page.wait_for_url("**page=3**")
    page.keyboard.press(forward)  # there is no further page
    page.keyboard.press(back)
    page.wait_for_url("**page=2**")
    visit.judge()


def drop(visit: Visit, selector: str, path: Path) -> None:
    """Drop a file there, as the browser's own drag and drop does."""
    target = visit.page.locator(selector).first
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    session = visit.page.context.new_cdp_session(visit.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


def test_a_file_dropped_on_a_row(visit: Visit, tmp_path: Path) -> None:
    if not scripted(visit) or visit.options.get("has_touch"):
        pytest.skip("Nothing is dropped without JavaScript, nor with a finger")
    person, other, document = make_things()
    visit.sign_in(person)
    page = visit.page
    third = tmp_path / "third.pdf"
    third.write_bytes(files.pdf("A third text"))
    visit.open(f"workspaces/{document.workspace.uuid}/documents/")
    row = f"[data-document='{document.uuid}']"
    drop(visit, row, third)
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("input[type=file]")).to_have_js_property(
        "value", "C:\\fakepath\\third.pdf"
    )
    judged(visit)
    shot(visit, "dropped")
    dialog.locator(".actions a").click()
    expect(page.locator("dialog")).to_have_count(0)
    drop(visit, row, third)
    dialog.locator("input[name=note]").fill("Dropped")
    dialog.locator("button[type=submit]").click()
    page.wait_for_url(f"**/documents/{document.uuid}/")
    added = DocumentVersion.objects.get(document=document, number=3)
    assert (added.note, added.name) == ("Dropped", "third.pdf")

    services.reserve_document(acting_user=other, document=document, hours=1)
    visit.open(f"workspaces/{document.workspace.uuid}/documents/")
    drop(visit, row, third)
    page.wait_for_url("**/versions/add/")
    expect(page.locator("main .notice-warn")).to_be_visible()
