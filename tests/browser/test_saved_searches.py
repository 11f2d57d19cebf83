"""Saving a search, changing it, opening its feed, stopping its mail, deleting it.

On a desktop, on a phone, in Arabic and without JavaScript; every page is judged by axe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from search.models import SavedSearch
from search.saved.keys import stop_token
from tests.browser.journey import Visit
from tests.browser.test_journey import RUNS
from tests.browser.test_search import judged, make_things

SUBMIT = "main form button[type=submit]"


@pytest.fixture(params=RUNS)
def visit(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Visit]:
    """One person's browser; at the end it may not have complained."""
    language, options = RUNS[request.param]
    visit = Visit(browser, live_server.url, language, options)
    yield visit
    visit.context.close()
    assert visit.complaints == []


def test_saved_searches(visit: Visit) -> None:
    person, document = make_things()
    visit.sign_in(person)
    page = visit.page

    visit.open("my/searches/")
    judged(visit)
    visit.open("search/?q=lantern&kind=document")
    visit.follow("main a[href*='my/searches/new/']")
    judged(visit)
    page.fill("main input[name=name]", "")
    visit.follow(SUBMIT)
    expect(page.locator(".error-summary")).to_be_visible()
    judged(visit)
    page.fill("main input[name=name]", "Lanterns")
    page.check("main input[value=weekly]")
    visit.follow(SUBMIT)

    saved = SavedSearch.objects.get()
    assert page.url == visit.address(f"my/searches/{saved.uuid}/")
    assert (saved.name, saved.frequency, saved.language) == ("Lanterns", "weekly", visit.language)
    expect(page.locator(f"main a[href*='{document.uuid}']")).to_have_count(1)
    judged(visit)
    page.check("main input[name=paused]")
    visit.follow("main form.form button[type=submit]")
    saved.refresh_from_db()
    assert saved.paused

    visit.follow("aside button[value=open]")
    address = page.locator("main code").inner_text()
    judged(visit)
    path = address[address.index("/feeds/") :]
    assert visit.context.request.get(visit.home + path).status == 200

    visit.open("my/searches/")
    judged(visit)
    visit.open(f"alerts/stop/{stop_token(person)}/")
    judged(visit)
    visit.follow(SUBMIT)
    judged(visit)
    saved.refresh_from_db()
    assert saved.frequency == "never"

    visit.open(f"my/searches/{saved.uuid}/")
    visit.follow("aside a[href$='/delete/']")
    judged(visit)
    visit.follow("main button.button-danger")
    assert page.url == visit.address("my/searches/")
    assert not SavedSearch.objects.exists()
    assert visit.context.request.get(visit.home + path).status == 404
