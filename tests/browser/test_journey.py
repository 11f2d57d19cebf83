"""The journey: upload, find the page, open it, share one step further, and see who sees it.

On a desktop, on a phone, in Arabic and without JavaScript. Beside the steps: nothing in the
console, no report of the policy, no request to another host, nothing wider than the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect

from coalitions.documents.models import Document, DocumentAudience
from search.models import OutboxRow
from tests.browser.journey import (
    EVERYWHERE,
    PAGE,
    Visit,
    World,
    long_pdf,
    make_empty_site,
    make_world,
    phrase_on_page,
)

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
RUNS = {
    "desktop": ("en", DESKTOP),
    "phone": ("en", PHONE),
    "arabic": ("ar", DESKTOP),
    "without-javascript": ("en", DESKTOP | {"java_script_enabled": False}),
}
Visitor = Callable[[], Visit]


@pytest.fixture(params=RUNS)
def visitor(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any
) -> Iterator[Visitor]:
    """Give a browser of its own to each person; at the end none may have complained."""
    language, options = RUNS[request.param]
    visits: list[Visit] = []

    def arrive() -> Visit:
        visits.append(Visit(browser, live_server.url, language, options))
        return visits[-1]

    yield arrive
    for visit in visits:
        visit.context.close()
    assert [complaint for visit in visits for complaint in visit.complaints] == []


def test_upload_find_open_share(visitor: Visitor, tmp_path: Path) -> None:
    cache.clear()
    make_empty_site()
    world, file = make_world(), long_pdf(tmp_path)
    phrase = phrase_on_page(file)
    query = f'"{phrase}"'

    mine = visitor()
    mine.sign_in(world.uploader)
    document = _upload(mine, world, file)
    _find_and_open(mine, document, query, phrase)

    neighbour, outsider = visitor(), visitor()
    neighbour.sign_in(world.neighbour)
    outsider.sign_in(world.outsider)
    assert mine.sightings(document, query) == EVERYWHERE
    assert neighbour.sightings(document, query) == set()
    assert outsider.sightings(document, query) == set()

    _share_with_the_coalition(mine, document)
    assert neighbour.sightings(document, query) == EVERYWHERE
    assert outsider.sightings(document, query) == set()
    _find_and_open(neighbour, document, query, phrase)
    assert not neighbour.page.locator("a[href*='/share/']").count()


def _upload(visit: Visit, world: World, file: Path) -> str:
    """Send the file into the workspace; return the document's uuid."""
    visit.open("workspaces/")
    visit.follow(f"main a[href*='/workspaces/{world.workspace.uuid}/']")
    visit.follow("main a[href$='/upload/']")
    assert visit.page.is_checked("input[name=rung][value=workspace]")
    visit.page.check("input[name=recognisable][value=no]")
    visit.page.set_input_files("input[name=uploads]", file)
    visit.follow("form[enctype] button[type=submit]")
    visit.follow(".upload-list a[href*='/documents/']")
    document = Document.objects.get()
    assert str(document.uuid) in visit.page.url
    assert _rung() == "workspace"
    assert not OutboxRow.objects.exists()
    return str(document.uuid)


def _rung() -> str:
    return DocumentAudience.objects.get(until__isnull=True).rung


def _find_and_open(visit: Visit, document: str, query: str, phrase: str) -> None:
    """Search from the head of a page, follow the hit, and look at its page."""
    visit.open("my/")
    visit.page.fill("header input[name=q]", query)
    visit.follow("header form[role=search] button[type=submit]")
    hit = f".result .page-hit a[href*='/documents/{document}/']"
    assert visit.page.locator(".result").count() == 1
    assert f"page={PAGE}" in str(visit.page.locator(hit).get_attribute("href"))
    assert visit.page.locator(".result mark").count()
    visit.follow(hit)
    assert visit.page.locator("input[name=page]").first.input_value() == str(PAGE)
    marked = " ".join(visit.page.locator(".page-text mark").all_inner_texts())
    assert phrase.casefold() in re.sub(r"\s+", " ", marked).casefold()
    picture = visit.page.locator(".page-image img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True, timeout=15_000)
    assert picture.evaluate("image => image.naturalWidth") >= 600


def _share_with_the_coalition(visit: Visit, document: str) -> None:
    """One step further; the confirmation page names who will see it."""
    visit.open(f"documents/{document}/")
    assert visit.page.locator(".ladder .rung.is-done").count() == 2
    visit.follow("a[href$='/share/coalition/']")
    assert visit.page.locator(".ladder .rung").count() == 3
    assert _rung() == "workspace"
    visit.follow("main form[method=post] button[type=submit]")
    assert visit.page.url.endswith(f"/documents/{document}/")
    assert visit.page.locator(".ladder .rung.is-done").count() == 3
    assert visit.page.locator("[role=status]").count()
    assert _rung() == "coalition"
