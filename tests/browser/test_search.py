"""The search journey: suggestions, facets, pills, spelling, concepts, pages, inside a document.

On a desktop, on a phone, in Arabic and without JavaScript; every page is judged by axe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, expect

from coalitions.documents.models import Document, TextExtraction
from coalitions.documents.signals import document_changed
from knowledge.models import Concept, ConceptLabel
from portal.accounts.models import User
from search import outbox
from tests import worlds
from tests.browser.journey import Visit, make_empty_site
from tests.browser.test_journey import PHONE, RUNS
from tests.browser.test_ui_components import violations

Visitor = Callable[[], Visit]
PAGES = (
    "Nothing of it here.",
    "A lantern hangs above the harbour, and the shelter is near.",
    "The harbour alone.",
    "Another lantern, far from any harbour.",
)


@pytest.fixture(params=RUNS)
def visit(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Visit]:
    """One person's browser; at the end it may not have complained."""
    language, options = RUNS[request.param]
    visit = Visit(browser, live_server.url, language, options)
    yield visit
    visit.context.close()
    assert visit.complaints == []


def scripted(visit: Visit) -> bool:
    return bool(visit.options.get("java_script_enabled", True))


def judged(visit: Visit, part: str | None = None) -> None:
    """The page in view, or part of it, breaks no rule and is no wider than the screen."""
    visit.judge()
    if scripted(visit):
        assert violations(visit.page, part) == [], visit.page.url


def make_things() -> tuple[User, Document]:
    """A person, and documents in their workspace of which one has several pages."""
    cache.clear()
    make_empty_site()
    owner = worlds.make_organisation("Lighthouse (invented)")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Harbour room")
    person = worlds.make_person(owner)
    worlds.join(place, person, owner)
    concept = Concept.objects.create(code="invented-lantern")
    for language, label in (("en", "lantern"), ("fr", "réverbère"), ("ar", "فانوس")):
        ConceptLabel.objects.create(concept=concept, language=language, text=label, preferred=True)
    made = [
        worlds.make_document(
            place,
            owner,
            by=person,
            rung=rung,
            title=title,
            pages=pages,
            media_type="text/plain",
            **more,
        )
        for title, rung, pages, more in (
            ("Lanterns of the harbour", "organisation", PAGES, {}),
            ("Lantern count", "public", ("A lantern.",), {}),
            ("Rapport", "network", ("Un réverbère.",), {"language": "fr"}),
        )
    ]
    for document in made:
        version = document.current_version
        assert version is not None
        TextExtraction.objects.create(
            version=version, page_count=version.pages.count(), state="done"
        )
        document_changed.send(sender=Document, document=document, audience_tightened=False)
    outbox.drain()
    return person, made[0]


def test_search(visit: Visit) -> None:
    person, document = make_things()
    visit.sign_in(person)
    _examples(visit)
    if scripted(visit):
        _suggestions(visit, document)
    _results_and_facets(visit)
    _spelling(visit)
    _concepts(visit)
    _inside(visit, document)


def _examples(visit: Visit) -> None:
    visit.open("search/")
    judged(visit)
    visit.follow("main dt a")
    expect(visit.page.locator("#page-search")).to_have_value('"best interests"')


def _suggestions(visit: Visit, document: Document) -> None:
    """With the keyboard: type, walk, close with Escape, type again, open."""
    page = visit.page
    visit.open("my/")
    box, links = page.locator("#site-search"), page.locator("header .suggestions a")
    box.press_sequentially("lan")
    expect(links).to_have_count(3)
    expect(page.locator("header form [role=status]")).to_contain_text("3")
    judged(visit, "header")  # the list covers what lies below, as a menu does
    row, title = links.first.bounding_box(), links.first.locator("span").first.bounding_box()
    assert row is not None
    assert title is not None
    # On a narrow screen what kind of thing it is stands below, not beside.
    assert title["width"] > row["width"] * 0.7 or row["width"] > 500
    box.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(links).to_have_count(0)
    expect(box).to_have_value("lan")
    box.press_sequentially("terns")
    expect(links).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/documents/{document.uuid}/")
    judged(visit)


def _results_and_facets(visit: Visit) -> None:
    """Search from the head of a page; tick a year's box; take the pill away."""
    page = visit.page
    visit.open("my/")
    page.fill("#site-search", "lantern")
    visit.follow("header form[role=search] button[type=submit]")
    expect(page.locator(".result")).to_have_count(3)
    judged(visit)
    opener = page.locator(".facets-open")
    if opener.is_visible():
        opener.click()
    audience = page.locator("input[name=audience][value=public]")
    if not audience.is_visible():
        page.locator(".facets details", has=audience).locator("> summary").click()
    audience.check()
    visit.follow(".facets button[type=submit]")
    assert page.url.endswith("search/?q=lantern&audience=public")
    expect(page.locator(".result")).to_have_count(1)
    judged(visit)
    visit.follow(".pills a")
    assert "audience" not in page.url
    expect(page.locator(".result")).to_have_count(3)
    visit.follow("main a[href='?q=lantern&sort=date']")
    expect(page.locator(".result")).to_have_count(3)
    judged(visit)
    visit.follow("main a[href='?q=lantern']")


def _spelling(visit: Visit) -> None:
    visit.open("search/?q=harbuor")
    expect(visit.page.locator(".result")).to_have_count(0)
    judged(visit)
    visit.follow(".lede a")
    expect(visit.page.locator("#page-search")).to_have_value("harbour")
    expect(visit.page.locator(".result")).to_have_count(1)


def _concepts(visit: Visit) -> None:
    """What was found in another language goes with one click, and comes back with one."""
    visit.open("search/?q=lantern&kind=document")
    expect(visit.page.locator(".result")).to_have_count(3)
    visit.follow("main a[href*='concepts=off']")
    expect(visit.page.locator(".result")).to_have_count(2)
    judged(visit)
    visit.follow(".meta a[href='?q=lantern&kind=document']")
    expect(visit.page.locator(".result")).to_have_count(3)


def _inside(visit: Visit, document: Document) -> None:
    """Open a hit at its page, search further in the document, open another page marked."""
    page = visit.page
    visit.open("search/?q=lantern+shelter")
    assert page.locator(".result .page-hit").count() >= 2
    visit.follow(f".result .page-hit a[href*='/documents/{document.uuid}/?page=2']")
    expect(page.locator(".page-text mark")).to_have_count(2)
    judged(visit)
    page.fill("#inside-search", "harbour")
    visit.follow("main form[role=search] button[type=submit]")
    expect(page.locator(".page-hit")).to_have_count(3)
    judged(visit)
    visit.follow(".page-hit a[href*='page=4']")
    expect(page.locator(".page-text mark")).to_have_count(1)
    page.fill("#inside-search", "shelter harbuor")
    visit.follow("main form[role=search] button[type=submit]")
    expect(page.locator(".page-hit")).to_have_count(1)
    judged(visit)
    visit.follow(".lede a")
    assert numbers(page.locator(".results")) == [[2], [3, 4]]
    expect(page.locator("main section > h2")).to_have_count(2)
    judged(visit)


def numbers(lists: Locator) -> list[list[int]]:
    """The pages that each list leads to."""
    return [
        [int(re.findall(r"page=(\d+)", link.get_attribute("href") or "")[0]) for link in links]
        for links in (found.locator(".page-hit a").all() for found in lists.all())
    ]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_the_sheet_of_a_phone_keeps_its_button_in_view(
    browser: Browser, live_server: Any, language: str, scheme: str, scripts: bool
) -> None:
    """However much is opened in it, at its beginning and at its end; it hides no box for good."""
    make_things()
    small = {"viewport": {"width": 360, "height": 360}, "color_scheme": scheme}
    options = PHONE | small | {"java_script_enabled": scripts}
    visit = Visit(browser, live_server.url, language, options)
    page = visit.page
    visit.open("search/?q=lantern")
    page.locator(".facets-open").click()
    closed = page.locator(".facets details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    sheet, submit = page.locator(".facets"), page.locator(".facets button[type=submit]")
    assert sheet.evaluate("e => e.scrollHeight > e.clientHeight + 40")
    for place in (0, 10_000):
        sheet.evaluate("(e, top) => e.scrollTo(0, top)", place)
        assert submit.evaluate("""e => {
            const box = e.getBoundingClientRect(), middle = box.top + box.height / 2;
            const hit = document.elementFromPoint(box.left + box.width / 2, middle);
            return box.bottom <= innerHeight && e.contains(hit);
        }""")
    last = page.locator(".facets label").last
    last.click()
    expect(last.locator("input")).to_be_checked()
    if scripts:
        judged(visit, ".facets")
    visit.follow(".facets button[type=submit]")
    visit.context.close()
    assert visit.complaints == []
