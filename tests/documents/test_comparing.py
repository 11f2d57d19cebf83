"""Comparing two texts: nothing is lost on either side, words are told apart, time is bounded."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coalitions.documents.comparing import (
    MAX_CHARACTERS,
    MAX_LINES,
    Line,
    Words,
    bounded,
    changed_words,
    compare,
    lines_of,
    without_sameness,
)

SOME = [
    "The child",
    "has a right,",
    "لكل طفل",
    "الحق",
    "في",
    "2026",
    "and",
    "no one else",
    ".",
    "ก",
]
texts = st.lists(st.sampled_from(SOME), max_size=12).map(" ".join)
pages = st.lists(texts, max_size=14).map(lambda found: [Line(1, text) for text in found])


def side(words: list[Words], other: str) -> str:
    return "".join(part.text for part in words if part.kind != other)


@given(pages, pages)
@settings(max_examples=200, deadline=None)
def test_every_line_is_in_one_row(old: list[Line], new: list[Line]) -> None:
    rows = compare(old, new)
    assert [row.old for row in rows if row.old] == old
    assert [row.new for row in rows if row.new] == new
    for row in rows:
        if row.kind == "changed":
            assert row.old is not None
            assert row.new is not None
            assert row.old.text != row.new.text
            assert side(row.words(), "added") == row.old.text
            assert side(row.words(), "removed") == row.new.text
    shown = without_sameness(rows)
    hidden = sum(row.count for row in shown)
    assert hidden + sum(row.kind != "gap" for row in shown) == (len(rows) if shown else 0)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_two_texts(old: str, new: str) -> None:
    words = changed_words(old, new)
    assert side(words, "added") == old
    assert side(words, "removed") == new


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("The child shall rest.", "The child may rest.", ["shall"], ["may"]),
        ("one, two three", "four, five three", ["one, two"], ["four, five"]),
        ("لكل طفل الحق", "لكل إنسان الحق", ["طفل"], ["إنسان"]),
        ("the end", "the end.", [], ["."]),
        ("", "new", [], ["new"]),
    ],
)
def test_whole_words_are_told(old: str, new: str, removed: list[str], added: list[str]) -> None:
    words = changed_words(old, new)
    assert [part.text for part in words if part.kind == "removed"] == removed
    assert [part.text for part in words if part.kind == "added"] == added


def test_long_lines_are_taken_in_sentences() -> None:
    sentence = "Every child has the right to be heard in all matters. "
    lines = list(lines_of(3, sentence * 40 + "\n\n  \nShort  line\t here\n" + "x" * 9000, "en"))
    assert [line.text for line in lines[:2]] == [sentence.strip()] * 2
    assert lines[40].text == "Short line here"
    assert [len(line.text) for line in lines[41:]] == [4000, 4000, 1000]


def test_what_is_too_long_is_cut() -> None:
    kept, whole = bounded(Line(1, "x") for _ in range(MAX_LINES + 5))
    assert (len(kept), whole) == (MAX_LINES, False)
    kept, whole = bounded(Line(1, "x" * 4000) for _ in range(MAX_CHARACTERS // 4000))
    assert whole
    assert not bounded([*kept, Line(2, "x")])[1]


HOSTILE = {
    "one line": lambda chance: ["x"] * MAX_LINES,
    "two lines": lambda chance: chance.choices("ab", k=MAX_LINES),
    "no two alike": lambda chance: [f"{chance.random()} b c" for _ in range(MAX_LINES)],
    "long words": lambda chance: ["child " * 660] * (MAX_CHARACTERS // 4000),
    "random words": lambda chance: [
        " ".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=40)) for _ in range(MAX_LINES)
    ],
}


@pytest.mark.parametrize("first", HOSTILE)
@pytest.mark.parametrize("second", HOSTILE)
def test_time_is_bounded(first: str, second: str) -> None:
    chance = random.Random(7)
    old, new = (
        bounded(Line(1, text) for text in HOSTILE[name](chance))[0] for name in (first, second)
    )
    started = time.thread_time()
    for row in without_sameness(compare(old, new))[:150]:
        if row.kind != "gap":
            row.words()
    assert time.thread_time() - started < 1.5
