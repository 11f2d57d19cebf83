"""A file that names people, in a browser: sent, described on one page, and names taken out.

On a desktop, on a phone, in Arabic, without JavaScript, in the dark and in forced colours.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from coalitions.documents import tasks
from coalitions.documents.models import Document
from coalitions.network.models import Theme
from tests.browser.journey import Visit, make_empty_site, make_world
from tests.browser.test_search import judged
from tests.browser.visits import shot, visit
from tests.documents import telling

__all__ = ["visit"]


def test_sent_described_and_taken_out(visit: Visit, tmp_path: Path) -> None:
    make_empty_site()
    world = make_world()
    # What migrations make is gone after another test with a live server.
    Theme.objects.get_or_create(code="harbours", defaults={"labels": {"en": "Harbours"}})
    letter, report = tmp_path / "Letter.docx", tmp_path / "Report.pdf"
    letter.write_bytes(telling.docx())
    report.write_bytes(telling.pdf())
    visit.sign_in(world.uploader)
    page = visit.page
    visit.open(f"workspaces/{world.workspace.uuid}/upload/")
    page.check("input[name=recognisable][value=no]")
    page.locator("details:has([name=themes]) summary").click()
    page.locator("[name=themes]").first.check()
    page.set_input_files(".drop input[type=file]", [letter, report])
    shot(visit, "upload")
    page.click("form.form button[type=submit]")
    if visit.options.get("java_script_enabled", True):
        expect(page.locator("#sending [data-state=stored]:visible")).to_have_count(
            2, timeout=20_000
        )
        visit.follow("#sending a[href*='/upload/details/']")
    else:
        page.wait_for_url("**sent=**")
        visit.follow("main a[href*='/upload/details/']")
    for version in Document.objects.values_list("current_version", flat=True):
        tasks.extract(version)
    page.reload()
    expect(page.locator("fieldset legend", has_text=".")).to_have_count(2)
    judged(visit)
    shot(visit, "details")
    page.locator("input[name$=-title]").first.fill("Letter of the harbour")
    page.locator("input[name$=-title]").last.fill("   ")
    visit.follow("main form button.button[type=submit]")
    expect(page.locator("main .tag-ok")).to_have_count(1)
    expect(page.locator("main .tag-danger")).to_have_count(1)
    judged(visit)
    shot(visit, "details-saved")
    assert Document.objects.filter(title="Letter of the harbour", themes__isnull=False).exists()
    visit.follow("fieldset a[href$='/authors/']")
    assert telling.PERSON in page.inner_text("main")
    judged(visit)
    shot(visit, "authors")
    visit.follow("main form[action$='/authors/'] button")
    document = Document.objects.order_by("pk").first()
    assert document is not None
    assert page.url.endswith(f"/documents/{document.uuid}/versions/1/")
    judged(visit)
    shot(visit, "taken-out")
    with document.versions.get().file.open() as file:
        assert telling.MARK not in telling.everything_in(file.read())
