"""Query parameters that narrow a list: read strictly, applied after `visible_to`.

Invariant: a filter only takes away. What it names need not exist, and that is not told.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from portal.api.problems import BadParameter

Item = TypeVar("Item", bound=Model)
_CODE = re.compile(r"[a-z0-9_-]{1,80}")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class Filter:
    """A parameter, what it accepts, and the condition it makes."""

    name: str
    advice: str
    read: Callable[[str], Any]
    lookup: str
    many: bool = False

    def parameter(self) -> OpenApiParameter:
        """Return its description."""
        return OpenApiParameter(self.name, str, description=self.advice)


def code(text: str) -> str:
    """Return a code or short name; ValueError for anything else."""
    if not _CODE.fullmatch(text):
        raise ValueError
    return text


def country(text: str) -> str:
    """Return an ISO 3166-1 code; ValueError for anything else."""
    if not _COUNTRY.fullmatch(text):
        raise ValueError
    return text.upper()


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader that takes one of `choices`."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return read


def article_number(text: str) -> int:
    """Return the number of an article of the Convention; ValueError for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    if not 1 <= number <= 54:
        raise ValueError
    return number


def instant(text: str) -> datetime:
    """Return an instant of ISO 8601, in UTC where it says no zone; ValueError otherwise."""
    # In an address a plus sign reads as a space.
    found = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    if found is None:
        raise ValueError
    return (found if timezone.is_aware(found) else timezone.make_aware(found)).astimezone(UTC)


def read(request: Request, one: Filter) -> Any:
    """Return what the request says for a filter; None for nothing. Raises BadParameter."""
    text = request.query_params.get(one.name)
    if text is None:
        return None
    try:
        return one.read(text)
    except (ValueError, OverflowError) as error:
        raise BadParameter(one.name, one.advice) from error


def narrow(
    queryset: QuerySet[Item], request: Request, filters: tuple[Filter, ...]
) -> QuerySet[Item]:
    """Return `queryset` with every filter that the request names."""
    for one in filters:
        value = read(request, one)
        if value is None:
            continue
        queryset = queryset.filter(**{one.lookup: value})
        if one.many:
            queryset = queryset.distinct()
    return queryset
