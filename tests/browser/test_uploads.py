"""Files in parts, in a browser: dropped, paused, cut off and resumed, in folders, refused.

On a desktop, on a phone, in Arabic; without JavaScript the plain form does it (test_journey).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from coalitions.documents.models import Document, DocumentVersion, Folder, ResumableUpload
from tests.browser.journey import Visit, World, make_empty_site, make_world
from tests.browser.test_journey import RUNS
from tests.browser.test_search import judged

MEGABYTE = 1024 * 1024
WITH_SCRIPT = [name for name, (_language, o) in RUNS.items() if o.get("java_script_enabled", True)]
INPUT = ".drop input[type=file]"
SEND = "form.form button[type=submit]"


@pytest.fixture(params=WITH_SCRIPT)
def visit(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Visit]:
    """One person's browser; at the end it may not have complained."""
    language, options = RUNS[request.param]
    visit = Visit(browser, live_server.url, language, options)
    yield visit
    visit.context.close()
    cut_on_purpose = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 422", "status of 404")
    assert [text for text in visit.complaints if not any(c in text for c in cut_on_purpose)] == []


@pytest.fixture
def desktop(browser: Browser, live_server: Any) -> Iterator[Visit]:
    visit = Visit(browser, live_server.url, "en", {})
    yield visit
    visit.context.close()


@pytest.fixture
def world() -> World:
    make_empty_site()
    return make_world()


def large(folder: Path, name: str = "Lanterns.pdf", megabytes: int = 10) -> Path:
    path = folder / name
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(megabytes * MEGABYTE))
    return path


def open_page(visit: Visit, world: World) -> Page:
    visit.open(f"workspaces/{world.workspace.uuid}/upload/")
    visit.page.check("input[name=recognisable][value=no]")
    return visit.page


def slowly(route: Route) -> None:
    """Pass a request on after a moment, so that there is a middle."""
    time.sleep(0.2)
    route.continue_()


def tag(page: Page, state: str) -> Any:
    return page.locator(f"#sending [data-state={state}]:visible")


def drop(page: Page, *paths: Path) -> None:
    """Drop files and folders on the frame, as the browser's own drag and drop does."""
    page.locator(".drop").scroll_into_view_if_needed()
    box = page.locator(".drop").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent",
            {"type": kind, "x": box["x"] + 20, "y": box["y"] + 20, "data": data},
        )


def test_dropping_cutting_and_going_on(visit: Visit, world: World, tmp_path: Path) -> None:
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    judged(visit)
    assert page.evaluate("typeof window.tus") == "undefined"  # not before a file is chosen
    path = large(tmp_path)
    drop(page, path)
    expect(tag(page, "waiting")).to_have_count(1)
    assert page.evaluate("typeof window.tus") == "object"
    judged(visit)

    def cut_later(route: Route) -> None:
        if int(route.request.headers.get("upload-offset", "0")) >= 4 * MEGABYTE:
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/*/", cut_later)
    page.click(SEND)
    expect(tag(page, "line")).to_have_count(1, timeout=20_000)
    assert ResumableUpload.objects.get().offset == 4 * MEGABYTE
    judged(visit)

    page.reload()  # the closed laptop: what the browser keeps holds no name
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "portal-upload:" in kept
    assert "Lanterns" not in kept
    expect(page.locator("#unfinished li")).to_have_count(1)
    judged(visit)
    page.check("input[name=recognisable][value=no]")
    page.unroute("**/uploads/*/")
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: (
            offsets.append(int(request.headers["upload-offset"]))
            if request.method == "PATCH"
            else None
        ),
    )
    page.set_input_files(INPUT, path)
    page.click(SEND)
    expect(tag(page, "stored")).to_have_count(1, timeout=20_000)
    assert offsets == [4 * MEGABYTE, 8 * MEGABYTE]
    version = DocumentVersion.objects.get()
    assert version.file.read() == path.read_bytes()
    assert "portal-upload:" not in page.evaluate("JSON.stringify(localStorage)")
    judged(visit)
    visit.follow("#sending [data-open]")
    assert str(version.document.uuid) in page.url


def test_offline_and_back(desktop: Visit, world: World, tmp_path: Path) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    page.set_input_files(INPUT, [large(tmp_path), large(tmp_path, "Windmills.pdf", 6)])
    expect(tag(page, "waiting")).to_have_count(2)
    page.route("**/uploads/*/", slowly)
    page.click(SEND)
    expect(tag(page, "sending").first).to_be_visible()
    visit.context.set_offline(True)
    expect(tag(page, "line")).to_have_count(2, timeout=20_000)
    page.unroute("**/uploads/*/")
    visit.context.set_offline(False)
    expect(tag(page, "stored")).to_have_count(2, timeout=30_000)
    assert sorted(DocumentVersion.objects.values_list("name", flat=True)) == [
        "Lanterns.pdf",
        "Windmills.pdf",
    ]


def test_a_whole_folder(desktop: Visit, world: World, tmp_path: Path) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    inner = tmp_path / "Reports" / "2026"
    inner.mkdir(parents=True)
    for number in range(12):
        (inner / f"Note {number}.txt").write_text(f"Some words about lantern {number}.")
    (tmp_path / "Reports" / "Top.txt").write_text("Some words at the top.")
    (tmp_path / "Reports" / ".DS_Store").write_text("x")
    drop(page, tmp_path / "Reports")
    expect(tag(page, "waiting")).to_have_count(13)
    page.click(SEND)
    expect(tag(page, "stored")).to_have_count(13, timeout=30_000)
    assert "13 of 13" in page.locator("[data-said]").inner_text()
    folder = Folder.objects.get(name="2026")
    assert folder.parent is not None
    assert folder.parent.name == "Reports"
    assert Document.objects.filter(folder=folder).count() == 12
    assert Document.objects.filter(folder=folder.parent).count() == 1


def test_pause_go_on_and_cancel(desktop: Visit, world: World, tmp_path: Path) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    page.route("**/uploads/*/", slowly)
    names = [f"{name}.pdf" for name in ("One", "Two", "Three", "Four")]
    page.set_input_files(INPUT, [large(tmp_path, name, 9) for name in names])
    expect(tag(page, "waiting")).to_have_count(4)
    row = page.locator("#sending li")
    row.nth(3).locator("[data-act=cancel]").click()  # before anything was sent
    expect(row).to_have_count(3)
    page.click(SEND)
    expect(tag(page, "sending")).to_have_count(2)
    page.click("[data-all=pause]")
    expect(tag(page, "paused")).to_have_count(3)
    row.nth(0).locator("[data-act=cancel]").click()
    expect(row).to_have_count(2)
    page.unroute("**/uploads/*/")
    page.click("[data-all=go]")
    expect(tag(page, "stored")).to_have_count(2, timeout=30_000)
    assert sorted(DocumentVersion.objects.values_list("name", flat=True)) == [
        "Three.pdf",
        "Two.pdf",
    ]
    assert not ResumableUpload.objects.filter(name="One.pdf").exists()


def test_what_is_not_stored_says_why(desktop: Visit, world: World, tmp_path: Path) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    text = tmp_path / "Same.txt"
    text.write_text("Some plain words that are sent twice.")
    junk = tmp_path / "Junk.pdf"
    junk.write_bytes(b"\x00\x01\x02" * 50)
    page.set_input_files(INPUT, [text, junk])
    page.click(SEND)
    expect(tag(page, "stored")).to_have_count(1)
    expect(tag(page, "refused")).to_have_count(1)
    expect(page.locator("#sending li", has_text="Junk.pdf")).to_contain_text("are not taken")
    page.set_input_files(INPUT, text)
    page.click(SEND)
    expect(tag(page, "here")).to_have_count(1)
    reference = Document.objects.get().reference
    again = page.locator("#sending li").last
    expect(again).to_contain_text(f"It is {reference}, version 1.")


def test_signed_out_meanwhile(desktop: Visit, world: World, tmp_path: Path) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    page.set_input_files(INPUT, large(tmp_path, megabytes=1))
    expect(tag(page, "waiting")).to_have_count(1)
    visit.context.clear_cookies(name="sessionid")
    page.click(SEND)
    expect(tag(page, "refused")).to_have_count(1)
    expect(page.locator("#sending li")).to_contain_text("You are signed out")
    assert not Document.objects.exists()


def test_without_the_library_the_plain_form_sends(
    desktop: Visit, world: World, tmp_path: Path
) -> None:
    visit = desktop
    visit.sign_in(world.uploader)
    page = open_page(visit, world)
    page.route("**/tus.min.js", lambda route: route.abort())
    page.set_input_files(INPUT, large(tmp_path, megabytes=1))
    page.wait_for_timeout(300)
    page.click(SEND)
    page.wait_for_url("**sent=*")
    assert DocumentVersion.objects.get().name == "Lanterns.pdf"
