"""The trash in a browser: a document and a folder go at once, come back by Undo and from the page
of the trash, and are deleted for good after a page that says what that means.

On a desktop, on a phone, in Arabic, dark, and without JavaScript.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from coalitions.documents import services
from coalitions.documents.models import Document
from tests import worlds
from tests.browser.journey import Visit, make_empty_site
from tests.browser.test_search import judged
from tests.browser.visits import shot
from tests.browser.visits import visit as visit
from tests.documents import files


@pytest.fixture
def document(visit: Visit) -> Document:
    """A document in a folder, of an organisation whose editor has signed in."""
    cache.clear()
    make_empty_site()
    owner = worlds.make_organisation("Lighthouse (invented)")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Harbour room")
    person = worlds.make_person(owner, "editor")
    worlds.join(place, person, owner, "contributor")
    folder = services.make_folder(acting_user=person, workspace=place, name="Old drafts")
    document = services.add_document(
        acting_user=person,
        workspace=place,
        folder=folder,
        content=files.content(b"The lanterns are old"),
        name="a.txt",
        title="Lights of the harbour",
        language="en",
    )
    visit.sign_in(person)
    return document


def test_trash(visit: Visit, document: Document) -> None:
    page = visit.page

    def is_trashed() -> bool:
        document.refresh_from_db()
        return document.trashed is not None

    visit.open(f"documents/{document.uuid}/")
    shot(visit, "document")
    page.locator("button[form=trash]").click()
    undo: Any = page.locator("form[action$='/restore/'] button")
    expect(undo).to_be_visible()
    assert is_trashed()
    shot(visit, "undo")
    judged(visit)
    undo.click()
    expect(page.locator("h1")).to_contain_text("Lights of the harbour")
    assert not is_trashed()

    assert document.folder is not None
    visit.open(f"workspaces/{document.workspace.uuid}/folders/{document.folder.uuid}/")
    shot(visit, "folder")
    page.locator("button[form=trash]").click()
    expect(page.locator("form[action$='/restore/'] button")).to_be_visible()
    assert is_trashed()
    visit.open(f"workspaces/{document.workspace.uuid}/trash/")
    expect(page.locator("table.records")).to_have_count(2)
    shot(visit, "trash")
    judged(visit)
    visit.open("documents/trash/")
    shot(visit, "own-trash")
    judged(visit)

    page.locator("a[href$='/delete/']").click()
    expect(page.locator(".button-danger")).to_be_visible()
    shot(visit, "delete")
    judged(visit)
    page.locator(".button-danger").click()
    expect(page.locator("table.records")).to_have_count(1)
    assert not Document.objects.exists()
    page.locator("form[action$='/restore/'] button").click()
    expect(page.locator("h2").first).to_contain_text("Old drafts")
