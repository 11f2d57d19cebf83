"""Space in a browser: a contributor is warned in words; a file that does not fit is refused, and
all that was typed is kept; a coordinator sees the figures.

On a desktop, on a phone, in Arabic, dark, and without JavaScript.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import expect

from coalitions.documents import services
from coalitions.documents.models import Document, Folder, ResumableUpload
from coalitions.network.models import Organisation, Workspace
from portal.accounts.models import User
from tests import worlds
from tests.browser.journey import Visit, make_empty_site
from tests.browser.test_search import judged
from tests.browser.test_uploads import drop
from tests.browser.visits import shot
from tests.browser.visits import visit as visit
from tests.documents import files

LIMIT = 10_000
INPUT = ".drop input[type=file]"
SEND = "form.form button[type=submit]"


class Place:
    """A workspace whose space is nearly used up."""

    def __init__(self) -> None:
        self.owner: Organisation = worlds.make_organisation("Lighthouse (invented)")
        coalition = worlds.make_coalition(self.owner)
        self.workspace: Workspace = worlds.make_workspace(coalition, name="Harbour room")
        self.contributor: User = worlds.make_person(self.owner)
        self.coordinator: User = worlds.make_person(self.owner)
        worlds.join(self.workspace, self.contributor, self.owner, "contributor")
        worlds.join(self.workspace, self.coordinator, self.owner, "coordinator")
        services.add_document(
            acting_user=self.contributor,
            workspace=self.workspace,
            content=files.content(b"lantern " * (LIMIT // 8 - 50)),
            name="lanterns.txt",
        )
        self.limit(LIMIT)

    def limit(self, size: int) -> None:
        services.set_limit(self.workspace, limit=size, acting_user=None, as_system=True)

    def open_upload(self, visit: Visit) -> None:
        visit.open(f"workspaces/{self.workspace.uuid}/upload/")
        visit.page.check("input[name=recognisable][value=no]")


@pytest.fixture
def place(visit: Visit) -> Place:
    cache.clear()
    make_empty_site()
    return Place()


def with_script(visit: Visit) -> bool:
    return bool(visit.page.locator("#sending:visible").count())


def taken_as_asked(visit: Visit) -> None:
    """The answers that this journey asks for are no complaints."""
    asked = ("status of 507", "status of 422")
    visit.complaints[:] = [c for c in visit.complaints if not any(text in c for text in asked)]


def test_space(visit: Visit, place: Place, tmp_path: Path) -> None:
    page = visit.page
    visit.sign_in(place.contributor)
    place.open_upload(visit)
    expect(page.locator(".notice-danger:visible")).to_have_count(1)
    assert "%" not in page.locator(".notice-danger:visible").inner_text()
    assert page.locator("meter").count() == 0
    judged(visit)
    shot(visit, "space-warning")

    long = tmp_path / "long.txt"
    long.write_text("harbour " * 200)
    page.set_input_files(INPUT, str(long))
    page.check("input[name=rung][value=organisation]")
    page.click(SEND)
    script = with_script(visit)
    said = page.locator("[role=alert]:visible, .error-summary:visible, .field-errors:visible").first
    expect(said).to_be_visible()
    shot(visit, "space-refused")
    judged(visit)
    assert page.locator("input[name=rung][value=organisation]").is_checked()
    assert page.locator("input[name=recognisable][value=no]").is_checked()
    assert (Document.objects.count(), ResumableUpload.objects.count()) == (1, 0)
    if script:  # there is room again: the chosen file is still in the list
        place.limit(LIMIT * 2)
        page.click(SEND)
        expect(page.locator("#sending [data-state=stored]:visible")).to_have_count(1)
        assert Document.objects.count() == 2
    taken_as_asked(visit)

    visit.context.clear_cookies()
    visit.sign_in(place.coordinator)
    visit.open(f"workspaces/{place.workspace.uuid}/about/")
    expect(page.locator("meter.space-bar")).to_have_count(1)
    shot(visit, "space-about")
    judged(visit)
    page.locator("section:has(meter) a").click()
    expect(page.locator("meter.space-bar")).to_have_count(1)
    shot(visit, "space-page")
    judged(visit)


def test_a_folder_of_too_many_folders_is_refused_whole(
    visit: Visit, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "WORKSPACE_MAX_FOLDERS", 2)
    place.limit(0)
    page = visit.page
    visit.sign_in(place.contributor)
    place.open_upload(visit)
    if not with_script(visit):
        return
    for name in ("plans", "plans/a", "plans/b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text(f"Notes on {name}")
    drop(page, tmp_path / "plans")
    expect(page.locator("#sending [data-state=waiting]:visible")).to_have_count(3)
    page.click(SEND)
    said = page.locator("#sending [role=alert]:visible")
    expect(said).to_be_visible()
    assert "2" in said.inner_text()
    expect(page.locator("#sending [data-state=waiting]:visible")).to_have_count(3)
    judged(visit)
    shot(visit, "space-folders")
    assert not Folder.objects.exists()
    taken_as_asked(visit)
