"""Pages stay where they are, in every order, forward and back, while documents come and go."""

import base64
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from coalitions.documents.models import Document, DocumentVersion
from coalitions.documents.ordering import LAST, ORDERS, Order, _cipher, page_of, position_of
from tests import worlds
from tests.documents.conftest import World

SIZE = 4


def make(world: World, number: int, **fields: object) -> Document:
    document = worlds.make_document(
        world.workspace, world.owner, by=world.editor, title=f"paper {number % 3}", **fields
    )
    DocumentVersion.objects.filter(document=document).update(size=100 * (number % 4))
    day = date(2020, 1, 1 + number % 5) if number % 2 else None
    moment = timezone.now() - timedelta(minutes=number // 2)
    Document.objects.filter(pk=document.pk).update(date=day, changed=moment)
    return document


def walk(order: Order, start: str = "", back: bool = False) -> list[list[str]]:
    pages, at = [], start
    for _ in range(50):
        page = page_of(Document.objects.all(), order, at, SIZE, lambda rows: rows)
        pages.append([document.reference for document in page.documents])
        at = page.previous if back else page.next
        if not at:
            return pages
    raise AssertionError("endless")


@pytest.mark.parametrize("order", ORDERS.values(), ids=list(ORDERS))
def test_every_order_goes_through_all_once(world: World, order: Order) -> None:
    made = [make(world, number) for number in range(18)]
    pages = walk(order)
    there = [reference for page in pages for reference in page]
    assert sorted(there) == sorted(document.reference for document in made)
    assert [len(page) for page in pages] == [4, 4, 4, 4, 2]
    back = walk(order, LAST, back=True)
    again = [reference for page in reversed(back) for reference in page]
    # On the way back the first page is full again, and so overlaps.
    assert [r for r in again if r in there][-14:] == there[-14:]
    opposite = ORDERS[order.name.removeprefix("-") if order.descending else f"-{order.name}"]
    assert [r for page in walk(opposite) for r in page] == there[::-1]


@pytest.mark.parametrize("order", ORDERS.values(), ids=list(ORDERS))
def test_what_comes_and_goes_moves_nobodys_page(world: World, order: Order) -> None:
    for number in range(12):
        make(world, number)
    whole = [reference for page in walk(order) for reference in page]
    first = page_of(Document.objects.all(), order, "", SIZE, lambda rows: rows)
    for number in range(6):
        make(world, number)
    # Even the document at which the page ended may be gone.
    seen = Document.objects.exclude(reference=whole[SIZE - 1])
    second = page_of(seen, order, first.next, SIZE, lambda rows: rows)
    kept = [document.reference for document in second.documents]
    old = [reference for reference in kept if reference in whole]
    assert old == whole[SIZE : SIZE + len(old)]
    assert not set(kept) & set(whole[:SIZE])


def hidden(data: object) -> str:
    """Return what says `data` as positions say theirs."""
    text = json.dumps(data, ensure_ascii=True)
    return base64.urlsafe_b64encode(_cipher().encrypt(text.encode(), None)).decode().rstrip("=")


def test_behind_everything_one_begins_anew(world: World) -> None:
    for number in range(3):
        make(world, number)
    order = ORDERS["name"]
    text = hidden(["name", False, "zzz", "f" * 32])
    page = page_of(Document.objects.all(), order, text, SIZE, lambda rows: rows)
    assert len(page.documents) == 3
    nothing = page_of(Document.objects.none(), order, text, SIZE, lambda rows: rows)
    assert nothing.documents == []
    assert nothing.is_alone


def test_a_position_holds_in_its_order_alone() -> None:
    now = datetime.now(UTC)
    at = hidden(["-changed", False, now.isoformat(), "0" * 32])
    position = position_of(at, ORDERS["-changed"])
    assert position is not None
    assert position.key == now
    assert position.written(ORDERS["-changed"]) == at.replace("=", "") or position.key == now
    assert position_of(at, ORDERS["changed"]) is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        "x",
        ["size", False, -1, "0" * 32],
        ["size", False, 2**70, "0" * 32],
        ["size", False, True, "0" * 32],
        ["size", "no", 1, "0" * 32],
        ["size", False, 1, "x"],
        ["size", False, 1, None],
        ["name", False, "\x00", "0" * 32],
        ["name", False, "\ud800", "0" * 32],
        ["-changed", False, "2026-01-01", "0" * 32],
        ["-changed", False, "0001-01-01T00:00:00+23:59", "0" * 32],
        ["date", False, "yesterday", "0" * 32],
        [["size"], False, 1, "0" * 32],
    ],
)
def test_positions_that_mean_nothing(data: object) -> None:
    text = hidden(data)
    for order in ORDERS.values():
        assert position_of(text, order) is None


def test_a_position_tells_nothing_of_a_title_and_is_not_to_be_made_up(world: World) -> None:
    for number in range(2 * SIZE):
        make(world, number)
    order = ORDERS["name"]
    first = page_of(Document.objects.all(), order, "", SIZE, lambda rows: rows)
    again = page_of(Document.objects.all(), order, "", SIZE, lambda rows: rows)
    assert first.next == again.next
    last = first.documents[-1]
    said = base64.urlsafe_b64decode(first.next + "=" * (-len(first.next) % 4))
    for known in (last.title, last.title.lower(), last.uuid.hex, "name"):
        assert known.encode() not in said
    plain = json.dumps(["name", False, "a", "0" * 32])
    assert position_of(base64.urlsafe_b64encode(plain.encode()).decode(), order) is None
    assert position_of(first.next[:-3] + "AAA", order) is None
    with override_settings(SECRET_KEY="another" * 8):
        assert position_of(first.next, order) is None


@given(st.text(max_size=200))
def test_any_text_is_a_position_or_none(text: str) -> None:
    for order in ORDERS.values():
        position_of(text, order)
