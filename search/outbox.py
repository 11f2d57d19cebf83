"""The outbox: noted with a change, drained by the worker.

Invariant: a row goes away only when the index has been brought in step with a state that was read
after the row was written. What fails waits longer each time, and is set aside after ten
failures; a later success of the same object takes it along.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Final

from django.db.models import F
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.documents.nudges import after_commit
from search.keeping import bring_up_to_date
from search.models import OutboxRow

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 10
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
DRAIN_SECONDS: Final = 400


def note(kind: str, key: object) -> None:
    """Remember, in the present transaction, that the index is behind on this object."""
    from search.tasks import drain_outbox

    OutboxRow.objects.create(kind=kind, key=str(key))
    reached("indexing.noted")
    after_commit(drain_outbox)


def drain(seconds: float = DRAIN_SECONDS) -> int:
    """Bring every object in step that is due, the longest waiting first; return how many."""
    started, done = time.monotonic(), 0
    while time.monotonic() - started < seconds:
        row = (
            OutboxRow.objects.filter(set_aside=False, next_try__lte=timezone.now())
            .order_by("pk")
            .first()
        )
        if row is None:
            break
        done += _bring(row.kind, row.key)
    return done


def _bring(kind: str, key: str) -> bool:
    """One object. Rows that are written meanwhile stay for the next round."""
    rows = OutboxRow.objects.filter(kind=kind, key=key)
    pks = list(rows.values_list("pk", flat=True))
    try:
        reached("indexing.rows-read")
        bring_up_to_date(kind, key)
        reached("indexing.engine-written")
    except Exception as error:
        # One object's trouble must not stop the others; names only, the text stays here.
        logger.exception("Indexing %s %s failed", kind, key)
        _postpone(pks, type(error).__name__)
        return False
    OutboxRow.objects.filter(pk__in=pks).delete()
    reached("indexing.rows-removed")
    return True


def _postpone(pks: list[int], failure: str) -> None:
    rows = OutboxRow.objects.filter(pk__in=pks)
    rows.update(attempts=F("attempts") + 1, failure=failure[:100])
    attempts = max(rows.values_list("attempts", flat=True), default=0)
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    rows.update(next_try=timezone.now() + pause, set_aside=attempts >= MAX_ATTEMPTS)
