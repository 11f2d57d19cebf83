"""In which order documents are listed, and pages of it that stay where they are.

Invariant: a page begins after (or ends before) the position of a document, never at a number of
rows, so that what is added or trashed meanwhile moves nobody's next page. Equal keys are told apart
by uuid. A position says where one stands in an order and lets nobody see anything; because it may
hold a title, and addresses are written to logs, it is a token that only the portal can read.
"""

from __future__ import annotations

import datetime
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models import Document

LAST: Final = "last"
# Documents without a date stand with the oldest.
_NO_DATE: Final = Value(datetime.date(1, 1, 1), output_field=DateField())
_LARGEST: Final = 2**63 - 1


def _instant(value: Any) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(datetime.UTC)


def _text(value: Any) -> str:
    # What a database column can be compared with: see `home.middleware.is_unreadable`.
    if not isinstance(value, str) or "\x00" in value or len(value) > 1000:
        raise ValueError
    value.encode()
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise ValueError
    return value


@dataclass(frozen=True)
class Order:
    """An order by one expression; `read` takes its value out of a position."""

    name: str
    label: Any
    by: Any
    read: Callable[[Any], Any]
    descending: bool = False


_CHANGED, _TITLE = F("changed"), Lower("title")
_SIZE = Coalesce("current_version__size", 0)
_DATE = Coalesce("date", _NO_DATE)
_DAY = datetime.date.fromisoformat
ORDERS: Final = {
    order.name: order
    for order in (
        Order("-changed", _("Changed, newest first"), _CHANGED, _instant, descending=True),
        Order("changed", _("Changed, oldest first"), _CHANGED, _instant),
        Order("-date", _("Date, newest first"), _DATE, _DAY, descending=True),
        Order("date", _("Date, oldest first"), _DATE, _DAY),
        Order("name", _("Name, A to Z"), _TITLE, _text),
        Order("-name", _("Name, Z to A"), _TITLE, _text, descending=True),
        Order("-size", _("Size, largest first"), _SIZE, _number, descending=True),
        Order("size", _("Size, smallest first"), _SIZE, _number),
    )
}
USUAL: Final = "-changed"


@dataclass(frozen=True)
class Position:
    """Behind (`back`: before) the document with this key."""

    key: Any
    uuid: UUID
    back: bool = False

    def written(self, order: Order) -> str:
        """Return it for an address; it holds only in the same order."""
        key = self.key if isinstance(self.key, int | str) else self.key.isoformat()
        said = [order.name, self.back, key, self.uuid.hex]
        data = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(_cipher().encrypt(data.encode(), None)).decode().rstrip("=")


def _cipher() -> AESSIV:
    """Return what hides positions: the same for the same place, so that addresses stay the same."""
    return AESSIV(salted_hmac(__name__, "position", algorithm="sha512").digest())


def position_of(text: str, order: Order) -> Position | None:
    """Return the position that an address names; None for one that means nothing here."""
    if len(text) > 4000:
        return None
    try:
        hidden = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        name, back, key, uuid = json.loads(_cipher().decrypt(hidden, None))
        if name != order.name or type(back) is not bool:
            return None
        return Position(order.read(key), UUID(uuid), back)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError, InvalidTag):
        return None


@dataclass(frozen=True)
class Page:
    """Some documents in order, and the places to go on from; empty text where there are none."""

    documents: list[Any]
    previous: str = ""
    next: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether there is no other page."""
        return not self.previous and not self.next


Dress = Callable[["QuerySet[Document]"], "QuerySet[Document]"]


def page_of(documents: QuerySet[Document], order: Order, at: str, size: int, dress: Dress) -> Page:
    """Return one page of `documents`, in one query (two before the first page of a walk back).

    `at`: what the address says. `dress`: adds to the few rows of a page what is shown of them.
    """
    position = None if at == LAST else position_of(at, order)
    back = at == LAST or (position is not None and position.back)
    rows = _rows(documents, order, position, back, size + 1, dress)
    more = len(rows) > size
    rows = rows[:size]
    if back:
        if not more and at != LAST:
            return page_of(documents, order, "", size, dress)
        rows.reverse()
        before, after = more, at != LAST
    else:
        before, after = position is not None, more
    if not rows:
        # Everything behind this position is gone: begin anew, if there is anything.
        return page_of(documents, order, "", size, dress) if position is not None else Page([])
    return Page(
        rows,
        previous=_here(rows[0], order, back=True) if before else "",
        next=_here(rows[-1], order, back=False) if after else "",
    )


def _here(document: Any, order: Order, *, back: bool) -> str:
    return Position(document.sort_key, document.uuid, back).written(order)


def _rows(
    documents: QuerySet[Document],
    order: Order,
    position: Position | None,
    back: bool,
    size: int,
    dress: Dress,
) -> list[Any]:
    descending = order.descending is not back
    by = [order.by.desc() if descending else order.by.asc(), "-uuid" if descending else "uuid"]
    chosen = documents.order_by(*by)
    if position is not None:
        side = "lt" if descending else "gt"
        chosen = chosen.alias(sort_key=order.by).filter(
            Q(**{f"sort_key__{side}e": position.key}),
            Q(**{f"sort_key__{side}": position.key})
            | Q(**{"sort_key": position.key, f"uuid__{side}": position.uuid}),
        )
    # What is shown of a document is read for the rows of the page alone, whatever the order.
    rows = Document.objects.filter(pk__in=chosen.values("pk")[:size]).annotate(sort_key=order.by)
    return list(dress(rows).order_by(*by))
