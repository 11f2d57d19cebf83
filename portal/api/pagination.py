"""Pages by cursor: stable while things come and go, and opaque.

Invariant: a cursor is signed, so that it is either ours or refused; it holds the place of one
item that its reader has seen, and nothing of any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from portal.api.problems import BadParameter

LIMIT = 20
MAX_LIMIT = 100
Item = TypeVar("Item", bound=Model)


@dataclass(frozen=True)
class Order:
    """The fields that order a list, ending in a unique one, and their direction."""

    fields: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """The items of a page and the addresses of its neighbours."""

    items: Sequence[Any]
    next: str | None
    previous: str | None

    def answer(self, results: Any) -> dict[str, Any]:
        """Return the body of the answer; `results` are the items as data."""
        return {"results": results, "next": self.next, "previous": self.previous}


def limit_of(request: Request) -> int:
    """Return how many items are wanted; refuse what is no number from 1 to 100."""
    text = request.query_params.get("limit", str(LIMIT))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= MAX_LIMIT:
        raise BadParameter("limit", f"Send a whole number from 1 to {MAX_LIMIT}.")
    return number


def read_cursor(request: Request, name: str) -> dict[str, Any] | None:
    """Return what the cursor says, None without one; refuse one that we did not give for `name`."""
    text = request.query_params.get("cursor")
    if text is None:
        return None
    try:
        held = signing.Signer(salt=_salt(name)).unsign_object(text)
    except Exception as error:  # bad signature, bad base64, bad JSON: it is not ours
        advice = "Send a cursor as `next` or `previous` gave it, or none."
        raise BadParameter("cursor", advice) from error
    return dict(held)


def link_with(request: Request, name: str, held: dict[str, Any]) -> str:
    """Return this request's address with a cursor that says `held`."""
    query = request.query_params.copy()
    query["cursor"] = signing.Signer(salt=_salt(name)).sign_object(held)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _salt(name: str) -> str:
    return f"api.cursor.{name}"


def paginate(queryset: QuerySet[Item], request: Request, order: Order, name: str) -> Page:
    """Return the page of `queryset` that the request asks for. Costs one query."""
    limit = limit_of(request)
    cursor = read_cursor(request, name)
    backwards = bool(cursor and cursor["back"])
    descending = order.descending is not backwards
    if cursor:
        queryset = queryset.filter(_beyond(queryset.model, order, cursor["at"], descending))
    sign = "-" if descending else ""
    rows = list(queryset.order_by(*(f"{sign}{field}" for field in order.fields))[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()

    def link(item: Item, *, back: bool) -> str:
        at = [_text(getattr(item, field)) for field in order.fields]
        return link_with(request, name, {"at": at, "back": back})

    has_next = more or backwards
    has_previous = more if backwards else cursor is not None
    return Page(
        items=rows,
        next=link(rows[-1], back=False) if rows and has_next else None,
        previous=link(rows[0], back=True) if rows and has_previous else None,
    )


def _text(value: Any) -> Any:
    if isinstance(value, int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _beyond(model: type[Model], order: Order, at: list[Any], descending: bool) -> Q:
    """Return the condition "after the place `at`" in the order of the fields."""
    step = "lt" if descending else "gt"
    condition, equal = Q(), Q()
    for name, text in zip(order.fields, at, strict=True):
        field: Any = model._meta.get_field(name)
        value = field.to_python(text)
        condition |= equal & Q(**{f"{name}__{step}": value})
        equal &= Q(**{name: value})
    return condition
