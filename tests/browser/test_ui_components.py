"""Every component in a real browser: no axe violation, no sideways scrolling, no CSP report.

Both directions, both colour schemes, 1280, 360 and 320 px, and without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SAMPLES = ["workspace", "document", "form", "search", "home", "article"]
LOOKS = [
    ("en", 1280, "light"),
    ("en", 360, "dark"),
    ("en", 320, "light"),
    ("ar", 1280, "dark"),
    ("ar", 320, "light"),
]
# WCAG 1.4.12; put in through the browser's own style interface, which the CSP leaves free.
SPACING = """() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
  '* { line-height: 1.5 !important; letter-spacing: .12em !important;'
  + ' word-spacing: .16em !important }'
  + 'p { margin-block-end: 2em !important }'); document.adoptedStyleSheets = [sheet]; }"""

pytestmark = pytest.mark.urls("tests.browser.ui_urls")


@pytest.fixture
def opened(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Open pages in contexts of their own, and collect what the browser complains about."""
    contexts = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            complaints.append(message.text)

    def open_page(path: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on(
            "request",
            lambda request: (
                complaints.append(request.url)
                if not request.url.startswith(live_server.url)
                else None
            ),
        )
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page, part: str | None = None) -> list[str]:
    found = Axe().run(page, context=part, options={"runOnly": RULES}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("name", SAMPLES)
def test_components_have_no_violation(opened: Any, name: str) -> None:
    for language, width, scheme in LOOKS:
        page = opened(f"/{language}/ui-sample/{name}/?bad=1", width, color_scheme=scheme)
        assert violations(page) == [], (language, width, scheme)
        assert overflow(page) <= 0, (language, width, scheme)


@pytest.mark.parametrize("name", SAMPLES)
def test_wider_text_spacing_hides_nothing(opened: Any, name: str) -> None:
    page = opened(f"/en/ui-sample/{name}/", 360)
    page.evaluate(SPACING)
    assert overflow(page) <= 0


def test_menus_open_and_close(opened: Any) -> None:
    page = opened("/en/ui-sample/workspace/")
    page.click(".language-menu > summary")
    assert page.is_visible(".language-menu .menu-list")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.is_visible(".language-menu .menu-list")


def test_the_phone_menu_works_without_javascript(opened: Any) -> None:
    page = opened("/en/ui-sample/search/", 360, java_script_enabled=False)
    assert not page.is_visible("#site-nav")
    page.click(".menu-button")
    assert page.is_visible("#site-nav")
    page.keyboard.press("Escape")
    assert not page.is_visible("#site-nav")
    page.click(".facets-open")
    assert page.is_visible("#facets")


def test_the_summary_of_errors_has_the_focus(opened: Any) -> None:
    page = opened("/en/ui-sample/form/?bad=1")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.title().startswith("Error: ")
    page.click(".error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_the_missing_page_has_no_violation(opened: Any) -> None:
    for language in ("en", "ar"):
        assert violations(opened(f"/{language}/nothing-of-this-name/", 360)) == []
