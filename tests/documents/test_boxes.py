"""Marks on the picture of a page lie over the words that were asked for."""

import io
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from PIL import Image

from coalitions.documents import images, letters, sandbox, services, tasks
from coalitions.documents.boxes import along_lines, marked_boxes
from coalitions.documents.letters import UNIT, Box, Letters, page_letters
from coalitions.documents.marking import wanted_of
from coalitions.documents.models import Document, DocumentPage, DocumentVersion
from coalitions.documents.reading.pdf import pages
from coalitions.documents.reading.signs import in_reading_order
from tests.documents import files
from tests.documents.conftest import World
from tests.documents.pages import get, page_of
from tests.documents.sheets import ARABIC, HIGH, SIZE, WIDE, in_arabic, sheet, wide

POINT = UNIT / WIDE


def read(tmp_path: Path, data: bytes, page: int = 1) -> Letters:
    """What the reading process says of the page."""
    source = tmp_path / "sheet.pdf"
    source.write_bytes(data)
    found = letters.checked(sandbox.run("letters", "pdf", "application/pdf", source, str(page)))
    assert found is not None
    return found


def boxes(tmp_path: Path, data: bytes, query: str, language: str = "en") -> Sequence[Box]:
    return marked_boxes(read(tmp_path, data), language, wanted_of(query))


def lies_over(box: Box, across: float, up: float, text: str, high: float = HIGH) -> bool:
    """Whether the box is that of `text` written there, a little larger at most."""
    near = 3 * POINT
    return (
        abs(box.left - across * POINT) < near
        and abs(box.right - (across + wide(text)) * POINT) < near
        and 0 <= (high - up) * POINT - box.top < 1.2 * SIZE * POINT
        and 0 <= box.bottom - (high - up) * POINT < 0.4 * SIZE * POINT
    )


def test_a_word_where_it_was_written(tmp_path: Path) -> None:
    data = sheet((40, 300, "A lantern above"), (40, 200, "nothing"))
    (box,) = boxes(tmp_path, data, "lantern")
    assert lies_over(box, 40 + wide("A "), 300, "lantern")


def test_words_as_search_finds_them(tmp_path: Path) -> None:
    data = sheet((40, 300, "Het kind"), (40, 280, "kinderen en"), (40, 260, "kinderrechten"))
    found = boxes(tmp_path, data, "kinderen -kinderrechten", "nl")
    assert [lies_over(found[0], 40 + wide("Het "), 300, "kind"), len(found)] == [True, 3]
    assert lies_over(found[1], 40, 280, "kinderen")
    assert lies_over(found[2], 40, 260, "kinderrechten")
    assert boxes(tmp_path, data, "kinderboek", "nl") == []


def test_a_phrase_over_a_line_is_marked_on_both(tmp_path: Path) -> None:
    data = sheet((40, 300, "We speak of the rights"), (40, 286, "of the child, said the child"))
    found = boxes(tmp_path, data, '"rights of the child"')
    assert len(found) == 2
    assert lies_over(found[0], 40 + wide("We speak of the "), 300, "rights")
    assert lies_over(found[1], 40, 286, "of the child")


def test_two_columns_are_marked_apart(tmp_path: Path) -> None:
    data = sheet(
        (30, 300, "first lantern"), (30, 286, "last of rights"),
        (170, 300, "of the child"), (170, 286, "and lantern"),
    )  # fmt: skip
    found = boxes(tmp_path, data, "lantern")
    assert len(found) == 2
    assert any(lies_over(box, 30 + wide("first "), 300, "lantern") for box in found)
    assert any(lies_over(box, 170 + wide("and "), 286, "lantern") for box in found)
    assert all(box.width < 120 * POINT for box in boxes(tmp_path, data, "rights child first"))


def test_a_word_parted_at_the_end_of_a_line(tmp_path: Path) -> None:
    data = sheet((40, 300, "about exploi-"), (40, 286, "tation of children"))
    found = read(tmp_path, data)
    if "exploitation" not in found.text:
        pytest.skip("this PDFium does not join the word")
    parts = marked_boxes(found, "en", wanted_of("exploitation"))
    assert lies_over(parts[0], 40 + wide("about "), 300, "exploi")
    assert lies_over(parts[1], 40, 286, "tation")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page(tmp_path: Path, turn: int) -> None:
    data = sheet((40, 300, "A lantern"), turn=turn)
    (box,) = boxes(tmp_path, data, "lantern")
    width, height = (WIDE, HIGH) if turn in (0, 180) else (HIGH, WIDE)
    left, right = 40 + wide("A "), 40 + wide("A lantern")
    middle = (left + right) / 2, 300 + SIZE / 4
    x, y = {
        0: (middle[0], HIGH - middle[1]),
        90: (middle[1], middle[0]),
        180: (WIDE - middle[0], middle[1]),
        270: (HIGH - middle[1], WIDE - middle[0]),
    }[turn]
    point = UNIT / width
    assert read(tmp_path, data).height == round(UNIT * height / width)
    assert abs((box.left + box.right) / 2 - x * point) < 4 * point
    assert abs((box.top + box.bottom) / 2 - y * point) < 4 * point
    assert (box.width > box.height) == (turn in (0, 180))


def test_turned_writing_is_one_mark(tmp_path: Path) -> None:
    def turn(made: Any) -> None:
        made.translate(150, 100)
        made.rotate(90)

    (box,) = boxes(tmp_path, sheet((0, 0, "The lantern light"), prepare=turn), "lantern")
    assert box.height > 2 * box.width
    assert abs(box.bottom - (HIGH - 100 - wide("The ")) * POINT) < 3 * POINT
    assert 136 * POINT < box.left < box.right < 156 * POINT


def test_a_cropped_page(tmp_path: Path) -> None:
    data = sheet(
        (100, 300, "A lantern"), (10, 300, "lantern"),
        prepare=lambda made: made.setCropBox((80, 150, 230, 350)),
    )  # fmt: skip
    (box,) = boxes(tmp_path, data, "lantern")
    point = UNIT / 150
    assert abs(box.left - (20 + wide("A ")) * point) < 3 * point
    assert abs((box.top + box.bottom) / 2 - (50 - SIZE / 4) * point) < 4 * point


@pytest.mark.skipif(not ARABIC.exists(), reason="no font with Arabic")
def test_arabic(tmp_path: Path) -> None:
    """Unshaped letters in the order they are seen, as many PDFs hold them."""
    data = sheet((100, 300, "لافطألا قوقح"), prepare=in_arabic)
    found = read(tmp_path, data)
    (box,) = marked_boxes(found, "ar", wanted_of("الأطفال"))
    (whole,) = marked_boxes(found, "ar", wanted_of('"حقوق الأطفال"'))
    assert abs(box.left - 100 * POINT) < 3 * POINT
    assert whole.left == box.left
    assert whole.right > box.right


class Drawn:
    """Letters of ten points each, drawn in this order from the left."""

    def __init__(self, order: Sequence[int]) -> None:
        self.order = order

    def get_charbox(self, index: int) -> tuple[float, float, float, float]:
        left = 10.0 * self.order.index(index)
        return left, 0.0, left + 9.0, 10.0


@pytest.mark.parametrize(
    ("given", "order", "read"),
    [
        ("\u0637\u0641\u0644", (2, 1, 0), "\u0637\u0641\u0644"),
        ("\u0644\u0641\u0637", (0, 1, 2), "\u0637\u0641\u0644"),
        ("a \u0644\u0641\u0637 12", (0, 1, 2, 3, 4, 5, 6, 7), "a \u0637\u0641\u0644 12"),
        ("\u05dd\u05d9", (0, 1), "\u05d9\u05dd"),
        ("abc", (0, 1, 2), "abc"),
        ("\u0661\u0662\u0663", (0, 1, 2), "\u0661\u0662\u0663"),
    ],
)
def test_words_are_read_from_their_right_end(given: str, order: Sequence[int], read: str) -> None:
    found = [(sign, index) for index, sign in enumerate(given)]
    ordered = in_reading_order(found, Drawn(order))
    assert "".join(sign for sign, _ in ordered) == read
    assert all(given[index] == sign for sign, index in ordered)


def test_letters_are_joined_along_lines_only() -> None:
    first = [Box(x, 100, x + 50, 220) for x in range(0, 500, 50)]
    second = [Box(x, 240, x + 50, 360) for x in range(0, 500, 50)]
    assert along_lines([*first, *second]) == [Box(0, 100, 500, 220), Box(0, 240, 500, 360)]
    assert along_lines(reversed(first)) == [Box(0, 100, 500, 220)]
    assert along_lines([first[0], Box(5000, 100, 5050, 220)]) == [
        first[0],
        Box(5000, 100, 5050, 220),
    ]
    assert along_lines([]) == []


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
        sent = add(world, path.read_bytes())
        version = version_of(sent)
        texts = [text for _, text in pages(path, "")]
        for number in sorted({1, len(texts) // 2 + 1, len(texts)}):
            found = page_letters(version, number)
            assert found is not None
            assert found.text == texts[number - 1]
            words = sorted(set(found.text.split()), key=len)[-5:]
            wanted = wanted_of(*(word for word in words if word.isalpha()))
            if not wanted:
                continue
            drawn = Image.open(io.BytesIO(images.page_image(version, number)))
            marks = marked_boxes(found, "", wanted)
            assert marks, (path.name, number)
            assert all(seen(drawn, box) for box in marks), (path.name, number)


# The page -------------------------------------------------------------------------------------
def add(world: World, data: bytes, name: str = "a.pdf") -> Document:
    sent = services.add_document(
        acting_user=world.contributor,
        workspace=world.workspace,
        content=files.content(data),
        name=name,
        title="Telltale",
        language="en",
    )
    assert sent.current_version_id is not None
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
    monkeypatch.setattr("coalitions.documents.reading.limits.LETTERS_SECONDS", -5)
    slow = add(world, files.pdf("A child"))
    page = get(world.reader, page_of(slow), q="child")
    assert (page.status_code, marks_of(page) > 0) == (200, False)


@pytest.mark.parametrize("data", [files.png(300, 200), b"words of a child"])
def test_other_kinds_have_no_marks(world: World, data: bytes) -> None:
    sent = add(world, data, "a.txt" if data.startswith(b"words") else "a.png")
    assert page_letters(version_of(sent), 1) is None
    assert marks_of(get(world.reader, page_of(sent), q="child")) == 0
