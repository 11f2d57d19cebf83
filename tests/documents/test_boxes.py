"""Marks on the picture of a page lie over the words that were asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from coalitions.documents import letters, sandbox
from coalitions.documents.boxes import along_lines, marked_boxes
from coalitions.documents.letters import UNIT, Box, Letters
from coalitions.documents.marking import wanted_of
from coalitions.documents.reading.signs import in_reading_order
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
