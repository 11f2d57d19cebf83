"""Which engine answers: the one beside the database while it is whole, else the embedded one.

Invariant: both are asked with the same labels; whoever waits for an answer waits at most once for
a server that does not give one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from django.db.models import Subquery
from django.utils import timezone

from coalitions.access import PUBLIC
from coalitions.language import ANALYSER_VERSION
from search import engines
from search.breaker import Breaker
from search.engines.base import (
    Access,
    Engine,
    Query,
    RefusedQuestion,
    Results,
    SearchUnavailable,
    TookTooLong,
)
from search.models import Feed, OutboxRow
from search.withholding import TooManyWithheld, withheld_from

logger = logging.getLogger(__name__)

# An index that waits longer than this for what changed is worse than the embedded one.
STALE_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, who gave it, and whether it is as complete as this installation can make it."""

    results: Results
    engine_name: str
    complete: bool = True


def ask(query: Query, access: Access) -> Answered:
    """Ask as these labels. Raises SearchUnavailable where no engine answers."""
    beside = engines.beside()
    if beside is not None:
        found = _answer_of(beside, query, access)
        if found is not None:
            return Answered(found, beside.name)
    reserve = engines.embedded()
    return Answered(reserve.search(query, access), reserve.name, complete=beside is None)


def _answer_of(beside: Engine, query: Query, access: Access) -> Results | None:
    gate = breaker()
    if not gate.allows() or not is_current(beside.name):
        return None
    try:
        found = beside.search(query, withheld_from(access))
    except TooManyWithheld:
        return None
    except RefusedQuestion as error:
        logger.warning("%s refused a question: %s", beside.name, error)
        return None
    except TookTooLong as error:
        # The question may have been too heavy: that is no reason to take the server from others.
        logger.warning("%s did not answer in time: %s", beside.name, error)
        gate.doubted()
        return None
    except SearchUnavailable as error:
        logger.warning("%s did not answer: %s", beside.name, error)
        gate.failed()
        return None
    gate.succeeded()
    return found


def is_current(name: str) -> bool:
    """Whether this engine's index is whole, of this analyser, takes changes and has most."""
    waiting = OutboxRow.objects.filter(engine=name, set_aside=False).order_by("created")
    feed = (
        Feed.objects.filter(name=name, built__isnull=False, analyser=ANALYSER_VERSION)
        .values_list("troubles", Subquery(waiting.values("created")[:1]))
        .first()
    )
    if feed is None:
        return False
    troubles, oldest = feed
    return oldest is None or (troubles == 0 and timezone.now() - oldest < STALE_AFTER)


@cache
def breaker() -> Breaker:
    """The breaker before the engine beside the database, of this process."""
    # At the first failure: a page may ask twice, and each time would cost its reader a second.
    return Breaker(engines.ELASTICSEARCH, _probe, threshold=1)


def _probe() -> None:
    beside = engines.beside()
    if beside is not None:
        beside.search(Query(size=1), Access.for_labels({PUBLIC}))
