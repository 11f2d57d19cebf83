"""A file that waits for the virus scanner, one that opens, and one in quarantine.

On a desktop, on a phone, in Arabic and without JavaScript.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from coalitions.documents import scanning
from coalitions.documents.models import Document, DocumentPage, TextExtraction, VirusScan
from coalitions.documents.services import add_document
from tests.browser.journey import World, make_empty_site, make_world
from tests.browser.test_journey import Visitor, visitor
from tests.documents.clamd_server import EICAR, standing_in

__all__ = ["visitor"]

# Pictures of what the test saw go here, where somebody wants to look at them.
PICTURES = os.environ.get("PORTAL_PICTURES", "")


@pytest.fixture
def world(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A scanner, and a document of harmless words and one with the EICAR test file, unchecked."""
    make_empty_site()
    world = make_world()
    with standing_in() as scanner:
        monkeypatch.setattr(settings, "CLAMD_URL", scanner.url)
        for title, data in (("Lantern", b"Words about a lantern."), ("Invoice", EICAR)):
            add_document(
                acting_user=world.uploader,
                workspace=world.workspace,
                content=ContentFile(data),
                name=f"{title.lower()}.txt",
                title=title,
                language="en",
            )
        # Whatever the messages brought about: both wait again.
        VirusScan.objects.update(state="waiting", claimed=None)
        TextExtraction.objects.update(state="waiting", claimed=None, attempts=0)
        DocumentPage.objects.all().delete()
        yield world


def look(visit: Any, name: str) -> None:
    """Nothing is wider than the window; a picture where one is wanted."""
    wide = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, name
    if PICTURES:
        visit.page.screenshot(path=Path(PICTURES, f"{name}.png"), full_page=True)


def test_from_waiting_to_the_verdict(world: World, visitor: Visitor) -> None:
    lantern, invoice = (Document.objects.get(title=title) for title in ("Lantern", "Invoice"))
    visit = visitor()
    name = f"{visit.language}-{visit.page.viewport_size['width']}"  # type: ignore[index]
    visit.sign_in(world.uploader)
    visit.open(f"documents/{lantern.uuid}/")
    assert visit.page.locator("main [role=status].notice-info").count() == 1
    assert visit.page.locator("a[href*='/download/']").count() == 0
    look(visit, f"{name}-waiting")
    assert visit.page.request.get(f"{visit.page.url}versions/1/download/").status == 503
    scanning.scan_waiting()
    visit.open(f"documents/{lantern.uuid}/")
    assert visit.page.locator("main a[href$='/download/']").count() == 1
    visit.open(f"documents/{invoice.uuid}/")
    assert visit.page.locator("main [role=status].notice-danger").count() == 1
    assert visit.page.locator("main a[href*='/download/']").count() == 0
    look(visit, f"{name}-quarantine")
    visit.open(f"documents/{invoice.uuid}/versions/")
    assert visit.page.locator("main .tag-danger").count() == 1
    look(visit, f"{name}-versions")
    visit.open("my/")
    assert visit.page.locator(f"main a[href$='/{invoice.uuid}/versions/1/']").count() == 1
    look(visit, f"{name}-my-work")
