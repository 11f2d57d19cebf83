"""A search hit opens the page of the PDF, with the words marked on its picture too.

On a desktop, on a phone, in Arabic, without JavaScript, in the dark and in forced colours.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Browser, expect

from coalitions.documents import sandbox, services, tasks
from coalitions.documents.boxes import marked_boxes
from coalitions.documents.letters import UNIT, checked
from coalitions.documents.marking import wanted_of
from coalitions.documents.models import Document
from portal.accounts.models import User
from search import outbox
from tests import worlds
from tests.browser.journey import Visit, make_empty_site
from tests.browser.test_search import judged
from tests.browser.visits import visit
from tests.documents.sheets import HIGH, WIDE, sheet, wide

__all__ = ["visit"]

UP = 60.0
BEFORE = "Behind the "


def make_things() -> tuple[User, Document]:
    """A person, and a document whose page holds a word far down."""
    cache.clear()
    make_empty_site()
    owner = worlds.make_organisation("Lighthouse (invented)")
    place = worlds.make_workspace(worlds.make_coalition(owner), name="Harbour room")
    person = worlds.make_person(owner)
    worlds.join(place, person, owner, "contributor")
    lines = [(40.0, HIGH - 20 - 14.0 * row, f"Nothing to see in line {row}") for row in range(20)]
    document = services.add_document(
        acting_user=person,
        workspace=place,
        content=ContentFile(sheet(*lines, (40, UP, f"{BEFORE}lanterns is the door"))),
        name="a.pdf",
        title="Lights of the harbour",
        language="en",
    )
    assert document.current_version_id is not None
    tasks.extract(document.current_version_id)
    outbox.drain()
    return person, document


def test_the_mark_lies_over_the_word(visit: Visit) -> None:
    person, document = make_things()
    visit.sign_in(person)
    page = visit.page
    visit.open("search/?q=lantern")
    visit.follow(f".result .page-hit a[href*='/documents/{document.uuid}/?page=1']")
    assert page.url.endswith("q=lantern#mark-1")
    expect(page.locator(".page-text mark#mark-1")).to_be_in_viewport()
    judged(visit)
    _lies_over(visit)

    visit.open(f"documents/{document.uuid}/?page=1&q=lantern&view=image#mark-1")
    expect(page.locator("rect#mark-1")).to_be_in_viewport()
    judged(visit)
    _lies_over(visit)


def _lies_over(visit: Visit) -> None:
    """The one mark stands where the word was written, and tints the picture there alone."""
    page = visit.page
    picture, mark = page.locator(".page-image img"), page.locator(".page-image rect")
    expect(mark).to_have_count(1)
    picture.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => document.querySelector('.page-image img').complete"
    ) if visit.options.get("java_script_enabled", True) else page.wait_for_timeout(1500)
    whole, box = picture.bounding_box(), mark.bounding_box()
    assert whole is not None
    assert box is not None
    point = whole["width"] / WIDE
    assert abs(whole["height"] - HIGH * point) < 2
    left = whole["x"] + (40 + wide(BEFORE)) * point
    right = left + wide("lanterns") * point
    line = whole["y"] + (HIGH - UP) * point
    assert abs(box["x"] - left) < 4 * point
    assert abs(box["x"] + box["width"] - right) < 4 * point
    assert line - 14 * point < box["y"] < line - 6 * point
    assert line < box["y"] + box["height"] < line + 6 * point

    shot = Image.open(io.BytesIO(picture.screenshot())).convert("RGB")
    middle = box["x"] + 1.5 * point - whole["x"], box["y"] + 2 * point - whole["y"]
    red, _, blue = shot.getpixel((round(middle[0]), round(middle[1])))  # type: ignore[misc]
    assert red - blue > 40
    assert shot.getpixel((round(10 * point), round(10 * point))) == (255, 255, 255)


COLUMNS = (
    "Het recht van kinderen op bescherming tegen kinderuitbuiting staat in het verdrag en geldt "
    "voor ieder kind dat in dit land verblijft, ook zonder papieren of verblijfsvergunning. "
)
PRINTED = {
    "two justified columns": (
        "nl",
        f"<p style='columns: 2; text-align: justify; hyphens: auto'>{COLUMNS * 4}</p>",
        ("kinderen", "verblijfsvergunning", "kinderuitbuiting"),
    ),
    "ligatures": ("en", "<p>The office offers first aid in difficult flats.</p>", ("difficult",)),
    "arabic": (
        "ar",
        "<p dir='rtl'>لكل طفل الحق في الحماية من الاستغلال، وتعمل الدول على حماية الأطفال.</p>",
        ("الأطفال", "الاستغلال", "طفل"),
    ),
    "arabic phrase": (
        "ar",
        "<p dir='rtl' style='width: 150px'>لكل طفل الحق في الحماية من الاستغلال</p>",
        ("الحق في الحماية من الاستغلال",),
    ),
    "turned": (
        "en",
        "<p style='transform: rotate(-90deg) translateX(-200px)'>A lantern here</p>",
        ("lantern",),
    ),
}
# Where the browser itself has each word, as shares of the page: one box for each line.
PLACES = """([word, wide, high]) => {
  const found = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = nodes.nextNode());)
    for (let at = -1; (at = node.data.indexOf(word, at + 1)) >= 0;) {
      if (/[\\p{L}]/u.test((node.data[at - 1] || ' ') + (node.data[at + word.length] || ' ')))
        continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      for (const box of range.getClientRects())
        if (box.width > 1)
          found.push([box.left / wide, box.top / high, box.right / wide, box.bottom / high]);
    }
  return found;
}"""


@pytest.mark.parametrize("name", PRINTED)
def test_marks_where_a_browser_has_the_words(browser: Browser, tmp_path: Path, name: str) -> None:
    """The PDF that a browser prints is marked where the browser says that the words stand."""
    language, body, words = PRINTED[name]
    page = browser.new_page(viewport={"width": 480, "height": 640})
    page.emulate_media(media="print")
    page.set_content(
        f"<html lang={language}><body style='margin: 24px; font: 16px Noto Sans, Noto Sans Arabic'>"
        f"{body}</body></html>"
    )
    source = tmp_path / "printed.pdf"
    source.write_bytes(page.pdf(width="480px", height="640px", print_background=True))
    letters = checked(sandbox.run("letters", "pdf", "application/pdf", source, "1"))
    assert letters is not None
    for word in words:
        expected = page.evaluate(PLACES, [word, 480, 640])
        marks = marked_boxes(letters, language, wanted_of(f'"{word}"'))
        shares = [
            (
                box.left / UNIT,
                box.top / letters.height,
                box.right / UNIT,
                box.bottom / letters.height,
            )
            for box in marks
        ]
        assert expected
        for left, top, right, bottom in expected:
            assert any(
                abs(box[0] - left) < 0.02
                and abs(box[2] - right) < 0.02
                and box[1] < (top + bottom) / 2 < box[3]
                for box in shares
            ), (word, (left, top, right, bottom), shares)
    page.close()
