"""A file that names people, in a browser: sent, described on one page, and names taken out.

On a desktop, on a phone, in Arabic, in the dark, and without JavaScript.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import storages
from playwright.sync_api import Browser, expect

from coalitions.documents import tasks
from coalitions.documents.models import Document
from coalitions.network.models import Theme
from tests.browser.journey import Visit, make_empty_site, make_world
from tests.browser.test_journey import DESKTOP, RUNS
from tests.browser.test_search import judged
from tests.documents import telling

ALL = RUNS | {"dark": ("en", DESKTOP | {"color_scheme": "dark"})}
SHOTS = os.environ.get("PORTAL_SHOTS", "")


@pytest.fixture(params=ALL)
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Visit]:
    """One person's browser, and folders of its own; at the end it may not have complained."""
    (tmp_path / "var").mkdir()
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    monkeypatch.setattr(storages["documents"], "_location", str(tmp_path / "var" / "documents"))
    _forget()
    run: Any = ALL[request.param]
    language, options = run
    visit = Visit(browser, live_server.url, language, options)
    visit.name = request.param  # type: ignore[attr-defined]
    yield visit
    visit.context.close()
    _forget()
    assert visit.complaints == []


def _forget() -> None:
    for cached in ("base_location", "location"):
        storages["documents"].__dict__.pop(cached, None)


def shot(visit: Visit, name: str) -> None:
    if SHOTS:
        path = Path(SHOTS) / f"{name}-{visit.name}.png"  # type: ignore[attr-defined]
        visit.page.screenshot(path=path, full_page=True)


def test_sent_described_and_taken_out(visit: Visit, tmp_path: Path) -> None:
    make_empty_site()
    world = make_world()
    # What migrations make is gone after another test with a live server.
    Theme.objects.get_or_create(code="harbours", defaults={"labels": {"en": "Harbours"}})
    letter, report = tmp_path / "Letter.docx", tmp_path / "Report.pdf"
    letter.write_bytes(telling.docx())
    report.write_bytes(telling.pdf())
    visit.sign_in(world.uploader)
    page = visit.page
    visit.open(f"workspaces/{world.workspace.uuid}/upload/")
    page.check("input[name=recognisable][value=no]")
    page.locator("details:has([name=themes]) summary").click()
    page.locator("[name=themes]").first.check()
    page.set_input_files(".drop input[type=file]", [letter, report])
    shot(visit, "upload")
    page.click("form.form button[type=submit]")
    if visit.options.get("java_script_enabled", True):
        expect(page.locator("#sending [data-state=stored]:visible")).to_have_count(
            2, timeout=20_000
        )
        visit.follow("#sending a[href*='/upload/details/']")
    else:
        page.wait_for_url("**sent=**")
        visit.follow("main a[href*='/upload/details/']")
    for version in Document.objects.values_list("current_version", flat=True):
        tasks.extract(version)
    page.reload()
    expect(page.locator("fieldset legend", has_text=".")).to_have_count(2)
    judged(visit)
    shot(visit, "details")
    page.locator("input[name$=-title]").first.fill("Letter of the harbour")
    page.locator("input[name$=-title]").last.fill("   ")
    visit.follow("main form button.button[type=submit]")
    expect(page.locator("main .tag-ok")).to_have_count(1)
    expect(page.locator("main .tag-danger")).to_have_count(1)
    judged(visit)
    shot(visit, "details-saved")
    assert Document.objects.filter(title="Letter of the harbour", themes__isnull=False).exists()
    visit.follow("fieldset a[href$='/authors/']")
    assert telling.PERSON in page.inner_text("main")
    judged(visit)
    shot(visit, "authors")
    visit.follow("main form[action$='/authors/'] button")
    document = Document.objects.order_by("pk").first()
    assert document is not None
    assert page.url.endswith(f"/documents/{document.uuid}/versions/1/")
    judged(visit)
    shot(visit, "taken-out")
    with document.versions.get().file.open() as file:
        assert telling.MARK not in telling.everything_in(file.read())
