"""Choosing several documents and moving them; a ZIP; dragging a row onto a folder.

On a desktop, on a phone, in Arabic and without JavaScript; dragging on a desktop alone.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from playwright.sync_api import Browser, expect

from coalitions.documents.models import Document, Folder
from coalitions.documents.services import add_document, make_folder
from coalitions.network.models import WorkspaceMembership
from tests.browser.journey import Visit, World, make_empty_site, make_world
from tests.browser.test_journey import DESKTOP, RUNS, Visitor, visitor

__all__ = ["visitor"]
TALL = {"width": 1280, "height": 1600}


@pytest.fixture
def world(live_server: Any) -> World:
    """Two documents and two folders, one in the other."""
    cache.clear()
    make_empty_site()
    world = make_world()
    WorkspaceMembership.objects.filter(person=world.uploader).update(role="coordinator")
    outer = make_folder(acting_user=world.uploader, workspace=world.workspace, name="Reports")
    make_folder(acting_user=world.uploader, workspace=world.workspace, name="2026", parent=outer)
    for title in ("Lantern", "Harbour"):
        add_document(
            acting_user=world.uploader,
            workspace=world.workspace,
            content=ContentFile(f"Some words about a {title}.".encode()),
            name=f"{title}.txt",
            title=title,
        )
    return world


def _open_place(visit: Visit, world: World) -> None:
    visit.open(f"workspaces/{world.workspace.uuid}/documents/")


def test_move_several_and_take_it_back(visitor: Visitor, world: World) -> None:
    reports = Folder.objects.get(name="Reports")
    mine = visitor()
    mine.sign_in(world.uploader)
    _open_place(mine, world)
    for box in mine.page.locator("input[name=document]").all():
        box.check()
    mine.follow("#selection button[value=move]")
    mine.page.select_option("select[name=place]", str(reports.uuid))
    mine.follow("main form button[type=submit].button")
    assert mine.page.locator("[data-done]").count() == 2
    assert reports.documents.count() == 2
    mine.follow("[data-result] form button[type=submit]")
    assert reports.documents.count() == 0
    mine.follow("main .actions a.button")
    assert mine.page.url.endswith(f"/workspaces/{world.workspace.uuid}/documents/")
    assert mine.page.locator("input[name=document]").count() == 2


def test_a_zip_of_what_was_chosen(visitor: Visitor, world: World, tmp_path: Path) -> None:
    mine = visitor()
    mine.sign_in(world.uploader)
    _open_place(mine, world)
    mine.page.locator("a[href*='view=grid']").click()
    mine.judge()
    for box in mine.page.locator("input[name=document]").all():
        box.check()
    mine.follow("#selection button[value=download]")
    with mine.page.expect_download() as arriving:
        mine.page.locator("main form button[type=submit].button").click()
    kept = tmp_path / "kept.zip"
    arriving.value.save_as(kept)
    assert re.fullmatch(r"documents-\d{4}-\d\d-\d\d\.zip", arriving.value.suggested_filename)
    with zipfile.ZipFile(kept) as archive:
        assert sorted(archive.namelist()) == ["Harbour.txt", "Lantern.txt"]


@pytest.fixture
def desktop(browser: Browser, live_server: Any) -> Visit:
    # High enough that a row and a folder are seen at once.
    return Visit(browser, live_server.url, RUNS["desktop"][0], DESKTOP | {"viewport": TALL})


def test_dragging_onto_a_folder(desktop: Visit, world: World) -> None:
    reports, inner = Folder.objects.get(name="Reports"), Folder.objects.get(name="2026")
    lantern = Document.objects.get(title="Lantern")
    desktop.sign_in(world.uploader)
    _open_place(desktop, world)
    page = desktop.page
    row = page.locator(f"[data-document='{lantern.uuid}']")
    row.drag_to(page.locator(f"li[data-place='{reports.uuid}']"))
    told = page.locator("[data-moved]")
    expect(told).to_contain_text("Done: 1 of 1")
    expect(row).to_have_count(0)
    lantern.refresh_from_db()
    assert lantern.folder == reports
    told.locator("button").click()
    page.wait_for_load_state()
    lantern.refresh_from_db()
    assert lantern.folder is None
    # All that is chosen goes along; a folder goes into another, and up again by the path above it.
    _open_place(desktop, world)
    page.locator("[data-choose-all]").click()
    expect(page.locator("[data-chosen]")).to_contain_text("3")
    page.locator("input[name=folder]").uncheck()
    page.locator("tr[data-document]").first.drag_to(
        page.locator(f"li[data-place='{reports.uuid}']")
    )
    expect(told).to_contain_text("Done: 2 of 2")
    desktop.open(f"workspaces/{world.workspace.uuid}/folders/{reports.uuid}/")
    page.locator(f"li[data-place='{inner.uuid}'] input[type=checkbox]").check()
    page.locator(f"li[data-place='{inner.uuid}']").drag_to(page.locator(".crumbs [data-place=top]"))
    expect(told).to_contain_text("Done: 1 of 1")
    inner.refresh_from_db()
    assert inner.parent is None
    desktop.context.close()
    assert desktop.complaints == []


def test_what_cannot_be_dragged_is_told(desktop: Visit, world: World) -> None:
    desktop.sign_in(world.uploader)
    _open_place(desktop, world)
    reports = Folder.objects.get(name="Reports")
    WorkspaceMembership.objects.get(person=world.uploader).end()
    page = desktop.page
    page.locator("tr[data-document]").first.drag_to(
        page.locator(f"li[data-place='{reports.uuid}']")
    )
    expect(page.locator("[data-moved]")).not_to_be_empty()
    assert reports.documents.count() == 0
    desktop.context.close()
    # The browser notes the answer itself, which is the missing page.
    assert [said for said in desktop.complaints if "404" not in said] == []
