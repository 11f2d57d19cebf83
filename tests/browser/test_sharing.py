"""Ask for a step up and have it granted; take child data away with two people.

On a desktop, on a phone, in Arabic and without JavaScript.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.services import mark_child_data
from portal.accounts.models import Acknowledgement
from tests import worlds
from tests.browser.journey import World, add_words, make_empty_site, make_world
from tests.browser.test_journey import Visitor, visitor

__all__ = ["visitor"]


@pytest.fixture
def world(live_server: Any) -> World:
    """A document of the uploader's in the room, seen by the whole coalition."""
    cache.clear()
    make_empty_site()
    world = make_world()
    add_words(world, world.uploader, "Lantern", rung="coalition")
    return world


def rung() -> str:
    return str(Document.objects.get().audiences.in_force().get().rung)


def test_ask_and_grant(world: World, visitor: Visitor) -> None:
    document = str(Document.objects.get().uuid)
    asker, decider = visitor(), visitor()
    asker.sign_in(world.neighbour)
    asker.follow("form[action$='/account/notice/'] button")
    assert Acknowledgement.objects.get().person == world.neighbour
    asker.open(f"documents/{document}/")
    assert not asker.page.locator("form[action$='/account/notice/']").count()
    asker.follow("main a[href$='/ask/']")
    asker.follow("main form[method=post] button[type=submit]")
    assert asker.page.locator("[role=alert]").count()
    asker.page.check("input[name=rung][value=network]")
    asker.page.fill("textarea[name=reason]", "The hearing is in May.")
    asker.follow("main form[method=post] button[type=submit]")
    assert asker.page.url.endswith(f"/documents/{document}/")
    assert rung() == "coalition"

    decider.sign_in(world.uploader)
    asked = ShareRequest.objects.get()
    decider.follow(f"main a[href$='/requests/{asked.uuid}/']")
    assert "The hearing is in May." in decider.page.inner_text("main")
    assert decider.page.locator(".ladder .rung").count() == 4
    decider.page.fill("textarea[name=note]", "Until the hearing.")
    decider.follow("main button[name=answer][value=grant]")
    assert rung() == "network"
    decider.follow("main a[href$='/seen/']")
    assert world.neighbour.name in decider.page.inner_text("main")
    decider.open(f"documents/{document}/who/")
    assert world.neighbour.name in decider.page.inner_text("main")

    asker.open("my/")
    asker.follow(f"main a[href$='/requests/{asked.uuid}/']")
    assert "Until the hearing." in asker.page.inner_text("main")
    asker.open(f"documents/{document}/who/")
    assert world.uploader.name not in asker.page.inner_text("main")


def test_child_data_takes_two(world: World, visitor: Visitor) -> None:
    document = Document.objects.get()
    second = worlds.make_person(document.owner, "administrator")
    mark_child_data(acting_user=world.uploader, document=document)
    mine, other = visitor(), visitor()
    mine.sign_in(world.uploader)
    mine.open(f"documents/{document.uuid}/")
    mine.follow("main a[href$='/child-data/lift/']")
    mine.page.fill("textarea[name=reason]", "Faces are covered.")
    mine.follow("main button[name=answer][value=propose]")
    mine.follow("main a[href$='/child-data/lift/']")
    assert not mine.page.locator("button[value=confirm]").count()
    other.sign_in(second)
    other.follow("main a[href$='/child-data/lift/']")
    other.follow("main button[name=answer][value=confirm]")
    assert not document.audiences.in_force().get().child_data
