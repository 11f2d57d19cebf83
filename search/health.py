"""How search is doing, in numbers and codes, for whoever operates the portal.

Invariant: nothing here tells what is indexed: no text, no titles, no queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from coalitions.access import PUBLIC
from search import engines
from search.engines.base import Access, Query
from search.models import OutboxRow


@dataclass(frozen=True, slots=True)
class OutboxLag:
    """What the index still has to learn, and since when."""

    waiting: int
    oldest: datetime | None
    set_aside: int


def engine() -> str:
    """Ask the engine a real question and return its name; raises SearchUnavailable."""
    current = engines.embedded()
    current.search(Query(size=1), Access.for_labels({PUBLIC}))
    return current.name


def outbox_lag() -> OutboxLag:
    """Return how far the index is behind the database."""
    due = Q(set_aside=False)
    row = OutboxRow.objects.aggregate(
        waiting=Count("pk", filter=due),
        oldest=Min("created", filter=due),
        set_aside=Count("pk", filter=~due),
    )
    return OutboxLag(row["waiting"], row["oldest"], row["set_aside"])
