"""One person's browser in every way, with folders of its own, for journeys that keep files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.browser.journey import Visit
from tests.browser.test_journey import DESKTOP, RUNS
from tests.own_storage import documents_in

EVERY_WAY: Mapping[str, tuple[str, dict[str, Any]]] = {
    **RUNS,
    "dark": ("en", DESKTOP | {"color_scheme": "dark"}),
    "forced-colours": ("en", DESKTOP | {"forced_colors": "active"}),
}
SHOTS = os.environ.get("PORTAL_SHOTS", "")


@pytest.fixture(params=EVERY_WAY)
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Visit]:
    """Come in one of the ways; at the end the browser may not have complained."""
    folder = tmp_path / "var"
    folder.mkdir()
    monkeypatch.setattr(settings, "VAR_DIR", folder)
    with documents_in(folder / "documents", monkeypatch):
        visit = Visit(browser, live_server.url, *EVERY_WAY[request.param], run=request.param)
        yield visit
        visit.context.close()
    assert visit.complaints == []


def shot(visit: Visit, name: str) -> None:
    """Take a picture of the page where PORTAL_SHOTS names a folder for them."""
    if SHOTS:
        visit.page.screenshot(path=Path(SHOTS) / f"{name}-{visit.run}.png", full_page=True)
