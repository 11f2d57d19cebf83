"""A link for somebody without an account: made, opened elsewhere, downloaded, revoked, unknown.

On a desktop, on a phone, in Arabic and without JavaScript.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from coalitions.documents.models import Document, DocumentLink
from tests.browser.journey import World, add_words, make_empty_site, make_world
from tests.browser.test_journey import Visitor, visitor

__all__ = ["visitor"]


@pytest.fixture
def world(live_server: Any) -> World:
    """A document of the uploader's, seen by the people of the room."""
    cache.clear()
    make_empty_site()
    world = make_world()
    add_words(world, world.uploader, "Lantern")
    return world


def test_a_link_from_its_making_to_its_end(world: World, visitor: Visitor) -> None:
    document = Document.objects.get()
    owner, outsider = visitor(), visitor()
    owner.sign_in(world.uploader)
    owner.open(f"documents/{document.uuid}/")
    owner.follow(f"main a[href$='/documents/{document.uuid}/links/']")
    owner.follow("main a[href$='/links/new/']")
    owner.page.fill("input[name=days]", "31")
    owner.follow("main form[method=post] button[type=submit]")
    assert owner.page.locator("[role=alert]").count()
    owner.page.fill("input[name=purpose]", "Court of the coast")
    owner.page.fill("input[name=days]", "2")
    owner.page.fill("input[name=downloads]", "1")
    password = owner.page.input_value("input[name=password]")
    owner.follow("main form[method=post] button[type=submit]")
    address = owner.page.inner_text("[data-link]")
    assert owner.page.inner_text("[data-password]") == password
    link = DocumentLink.objects.get()
    assert str(link.uuid) not in address

    outsider.page.goto(address)
    assert "Lantern" not in outsider.page.content()
    assert world.workspace.name not in outsider.page.content()
    outsider.page.fill("main input[name=password]", "not this one at all")
    outsider.follow("main form[method=post] button[type=submit]")
    assert outsider.page.locator("[role=alert]").count()
    assert "Lantern" not in outsider.page.content()
    outsider.page.fill("main input[name=password]", password)
    outsider.follow("main form[method=post] button[type=submit]")
    assert outsider.page.url.endswith(f"/links/open/{link.uuid}/")
    assert outsider.page.inner_text("h1") == "Lantern"
    with outsider.page.expect_download() as download:
        outsider.page.locator("main a.button[href$='/download/']").click()
    assert download.value.suggested_filename == "lantern.txt"
    assert DocumentLink.objects.get().downloads_made == 1

    owner.open(f"documents/{document.uuid}/seen/")
    assert "Court of the coast" in owner.page.inner_text("main")
    owner.open(f"documents/{document.uuid}/links/")
    owner.follow(f"main a[href$='/{link.uuid}/end/']")
    owner.follow("main form[method=post] button[type=submit]")
    assert DocumentLink.objects.get().why == "revoked"

    outsider.page.goto(address)
    outsider.page.fill("main input[name=password]", password)
    outsider.follow("main form[method=post] button[type=submit]")
    assert outsider.page.locator("[role=alert]").count()
    assert "Lantern" not in outsider.page.content()
