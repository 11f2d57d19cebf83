"""How search is doing, for the page that explains readiness.

Invariant: nothing here tells what is indexed: no text, no titles, no queries.
"""

from __future__ import annotations

from coalitions.access import PUBLIC
from search.asking import ask
from search.engines.base import Access, Query, SearchUnavailable
from search.status import status


class EmbeddedStandsIn(SearchUnavailable):
    """The engine beside the database is not asked; answers may be less complete."""


def engine() -> str:
    """Ask a real question and return who answered; raises SearchUnavailable where it stood in."""
    answered = ask(Query(size=1), Access.for_labels({PUBLIC}))
    if not answered.complete:
        raise EmbeddedStandsIn
    now = status()
    return f"{answered.engine_name}, analyser {now.analyser}, breaker {now.breaker}"


def outbox() -> str:
    """How far each index is behind the database."""
    return "; ".join(
        f"{e.name}: {e.waiting} waiting, oldest {e.oldest_s or 0} s, {e.set_aside} set aside"
        for e in status().engines
    )


def drift() -> str:
    """What the last comparison of each index found."""
    told = []
    for e in status().engines:
        when = "never compared" if e.verified_s is None else f"compared {e.verified_s} s ago"
        told.append(f"{e.name}: {e.differs} differ, {e.dropped} hits dropped, {when}")
    return "; ".join(told)
