"""The page of a document with its marks on the picture: shown, kept, and done without in time."""

import io
import time
from typing import Any

import pytest
from django.http import HttpResponse
from PIL import Image

from coalitions.documents import images, letters, sandbox, services, tasks
from coalitions.documents.boxes import marked_boxes
from coalitions.documents.letters import UNIT, Box, page_letters
from coalitions.documents.marking import wanted_of
from coalitions.documents.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    TextExtraction,
)
from coalitions.documents.reading import limits
from coalitions.documents.reading.pdf import pages
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get, page_of
from tests.documents.sheets import sheet


def add(world: World, data: bytes, name: str = "a.pdf", *, read: bool = True) -> Document:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
        title="Telltale",
        language="en",
    )
    assert sent.current_version_id is not None
    if read:
        tasks.extract(sent.current_version_id)
    return sent


def version_of(document: Document) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=document.current_version_id)


def marks_of(page: HttpResponse) -> int:
    return page.content.count(b'rx="30"')


def runs(monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any] | None = None) -> list[str]:
    """Note what is asked of the reading process; give `answer` in its place."""
    asked: list[str] = []
    real = sandbox.run

    def noted(what: str, *rest: Any) -> dict[str, Any]:
        asked.append(what)
        return real(what, *rest) if answer is None else answer

    monkeypatch.setattr(sandbox, "run", noted)
    return asked


def seen(picture: Image.Image, box: Box) -> bool:
    """Whether there is something to see in the box: dark on bright or bright on dark."""
    scale = picture.width / UNIT
    part = picture.crop(tuple(round(side * scale) for side in box))  # type: ignore[arg-type]
    darkest, brightest = part.convert("L").getextrema()
    return int(brightest) - int(darkest) > 60  # type: ignore[arg-type]


REAL = [path for path in files.real_files() if path.suffix == ".pdf"]


@pytest.mark.skipif(not REAL, reason="the real files are not here")
def test_real_pages(world: World) -> None:
    """Their letters are their text; each long word's mark is about as wide as it, over ink."""
    for path in REAL:
        sent = add(world, path.read_bytes(), read=False)
        version = version_of(sent)
        texts = [text for _, text in pages(path, "")]
        TextExtraction.objects.filter(version=version).update(page_count=len(texts))
        for number in sorted({1, len(texts) // 2 + 1, len(texts)}):
            found = page_letters(version, number)
            assert found is not None
            assert found.text == texts[number - 1]
            words = sorted(set(found.text.split()), key=len)[-5:]
            wanted = wanted_of(*(word for word in words if word.isalpha()))
            if not wanted or number == 1 < len(texts):
                continue
            drawn = Image.open(io.BytesIO(images.page_image(version, number)))
            marks = marked_boxes(found, "", wanted)
            assert marks, (path.name, number)
            assert all(seen(drawn, box) for box in marks), (path.name, number)


def test_the_page_shows_its_marks(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = runs(monkeypatch)
    path = page_of(document)
    for view, rects, names in (("both", 2, 1), ("image", 2, 1), ("text", 0, 1)):
        page = get(world.reader, path, page="2", q="rights child", view=view).content.decode()
        main = page.split("<main")[1].split("</main>")[0]
        assert main.count('rx="30"') == rects
        assert main.count('id="mark-1"') == names
        assert "style=" not in main
    picture = get(world.reader, path, page="2", q="child", view="image").content.decode()
    assert '<rect id="mark-1" x="' in picture
    assert 'viewBox="0 0 10000 13333"' in picture
    assert asked == ["letters"]
    for query in ("", "lantern", "-child", "\x00", "x" * 5000):
        assert marks_of(get(world.reader, path, page="1", q=query)) == 0
    assert asked == ["letters"]
    other = get(world.reader, path, page="2", q="lantern", also="child")
    assert marks_of(other) == 1
    old = page_of(document, "versions/1/")
    assert marks_of(get(world.reader, old, page="2", q="child")) == 1
    arabic = path.replace("/en/", "/ar/")
    shown = get(world.reader, arabic, page="2", q="child").content.decode()
    assert 'viewBox="0 0 10000 13333"' in shown
    assert get(world.stranger, path, page="2", q="child").status_code == 404
    kept = images.image_folder() / str(version_of(document).uuid)
    assert [entry.name for entry in kept.iterdir()] == ["2-letters.json"]
    assert kept.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    "answer",
    [
        {"reason": "too-slow"}, {"reason": "crashed"}, {}, [], "x", {"text": "child"},
        {"text": "child", "places": [], "height": 5},
        {"text": "c", "places": [[0, 0, 1]], "height": 5},
        {"text": "c", "places": [[0, 0, 10**9, 1]], "height": 5},
        {"text": "c", "places": [["0", 0, 1, 1]], "height": 5},
        {"text": "c", "places": [None], "height": -5},
    ],
)  # fmt: skip
def test_a_page_without_letters_is_shown(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    asked = runs(monkeypatch, answer)
    for _ in range(2):
        page = get(world.reader, page_of(document), page="2", q="child")
        assert page.status_code == 200
        assert marks_of(page) == 0
        assert b"<mark" in page.content
    assert asked == ["letters"]
    later = time.time() + letters.AGAIN_SECONDS + 60
    monkeypatch.setattr(letters.time, "time", lambda: later)
    get(world.reader, page_of(document), page="2", q="child")
    assert asked == ["letters", "letters"]


def test_others_are_waited_for_a_moment_only(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = runs(monkeypatch)
    monkeypatch.setattr(letters, "PATIENCE", 0.01)
    with images.AT_ONCE, images.AT_ONCE:
        page = get(world.reader, page_of(document), page="2", q="child")
    assert (page.status_code, marks_of(page) > 0, asked) == (200, False, [])
    page = get(world.reader, page_of(document), page="2", q="child")
    assert (marks_of(page) > 0, asked) == (True, ["letters"])


def test_a_file_that_is_gone(world: World, document: Document) -> None:
    version = version_of(document)
    version.file.storage.delete(str(version.file.name))
    page = get(world.reader, page_of(document), page="2", q="child")
    assert (page.status_code, marks_of(page) > 0) == (200, False)


def test_hostile_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [(10.0, 390 - row * 0.5, f"{row} " + "child " * 120) for row in range(120)]
    crowded = add(world, sheet(*many))
    assert DocumentPage.objects.get(version=crowded.current_version_id).text.count("child") > 10_000
    started = time.monotonic()
    page = get(world.reader, page_of(crowded), q="child")
    assert (page.status_code, marks_of(page) > 0) == (200, False)
    full = add(world, sheet(*many[:40]))
    page = get(world.reader, page_of(full), q="child")
    assert marks_of(page) == 400
    huge = files.pdf("A child").replace(b"[ 0 0 300 400 ]", b"[ 0 0 3 99999 ]")
    page = get(world.reader, page_of(add(world, huge)), q="child")
    assert (page.status_code, marks_of(page) > 0) == (200, False)
    assert time.monotonic() - started < 30
    monkeypatch.setitem(limits.SECONDS, "letters", -5)
    slow = add(world, files.pdf("A child"))
    page = get(world.reader, page_of(slow), q="child")
    assert (page.status_code, marks_of(page) > 0) == (200, False)


@pytest.mark.parametrize("data", [files.png(300, 200), b"words of a child"])
def test_other_kinds_have_no_marks(world: World, data: bytes) -> None:
    sent = add(world, data, "a.txt" if data.startswith(b"words") else "a.png")
    assert page_letters(version_of(sent), 1) is None
    assert marks_of(get(world.reader, page_of(sent), q="child")) == 0
