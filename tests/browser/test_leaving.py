"""Leave a coalition after a dry run; let others add a version.

On a desktop, on a phone, in Arabic and without JavaScript.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from coalitions.documents.models import Document
from coalitions.network.models import Affiliation, CoalitionMembership
from tests import worlds
from tests.browser.journey import World, add_words, make_empty_site, make_world
from tests.browser.test_journey import Visitor, visitor

__all__ = ["visitor"]


@pytest.fixture
def world(live_server: Any) -> World:
    """The neighbour contributes to the room, and administers an organisation that may leave."""
    cache.clear()
    make_empty_site()
    world = make_world()
    held = Affiliation.objects.get(person=world.neighbour)
    Affiliation.objects.filter(pk=held.pk).update(role="administrator")
    worlds.join(world.workspace, world.neighbour, held.organisation, "contributor")
    CoalitionMembership.objects.filter(organisation=held.organisation).update(on_leaving="go")
    return world


def test_leave_after_a_dry_run(world: World, visitor: Visitor) -> None:
    document = add_words(world, world.neighbour, "Lantern")
    theirs = add_words(world, world.uploader, "Pier")
    organisation = document.owner
    coalition = world.workspace.coalition
    assert coalition is not None
    mine, other = visitor(), visitor()
    mine.sign_in(world.neighbour)
    mine.open(f"coalitions/{coalition.uuid}/")
    mine.follow(f"main a[href$='/{organisation.slug}/end/']")
    assert world.workspace.name in mine.page.inner_text("main table")
    late = add_words(world, world.neighbour, "Late")
    mine.follow("main form[method=post] button.button-danger")
    assert mine.page.locator("[role=alert]").count()
    assert CoalitionMembership.objects.in_force().filter(organisation=organisation).exists()
    mine.follow("main form[method=post] button.button-danger")
    assert mine.page.url.endswith(f"/organisations/{organisation.slug}/")
    assert not CoalitionMembership.objects.in_force().filter(organisation=organisation).exists()

    place = Document.objects.get(pk=document.pk).workspace
    assert place.organisation == organisation
    mine.open(f"workspaces/{place.uuid}/documents/")
    for moved in (document, late):
        assert mine.page.locator(f"main a[href*='{moved.uuid}']").count()
    mine.open(f"documents/{document.uuid}/")
    other.sign_in(world.uploader)
    asked = other.context.request
    assert asked.get(other.address(f"documents/{document.uuid}/")).status == 404
    assert mine.context.request.get(mine.address(f"documents/{theirs.uuid}/")).status == 404


def test_let_others_add_a_version(world: World, visitor: Visitor, tmp_path: Path) -> None:
    document = add_words(world, world.uploader, "Lantern")
    mine, other = visitor(), visitor()
    other.sign_in(world.neighbour)
    other.open(f"documents/{document.uuid}/")
    assert not other.page.locator("main a[href$='/versions/add/']").count()
    mine.sign_in(world.uploader)
    mine.open(f"documents/{document.uuid}/")
    mine.follow("main a[href$='/versions/others/']")
    mine.follow("main button[name=others][value=yes]")

    file = tmp_path / "new.txt"
    file.write_text("Other words about a lantern.")
    other.open(f"documents/{document.uuid}/")
    other.follow("main a[href$='/versions/add/']")
    other.page.set_input_files("main input[type=file]", str(file))
    other.follow("main form[enctype] button[type=submit]")
    assert other.page.url.endswith(f"/documents/{document.uuid}/")
    version = document.versions.get(number=2)
    assert version.uploader == world.neighbour
    mine.open(f"documents/{document.uuid}/versions/")
    assert version.organisation.name in mine.page.inner_text("main table")

    mine.open(f"documents/{document.uuid}/versions/others/")
    mine.follow("main button[name=others][value=no]")
    asked = other.context.request
    assert asked.get(other.address(f"documents/{document.uuid}/versions/add/")).status == 404
