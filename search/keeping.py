"""Bringing the index in step with one thing, whole or in its labels alone.

Invariant: the version written is the database's clock before the state was read, so that of two
readers the one who read later wins, in whatever order they write.
"""

from __future__ import annotations

import time
from collections import Counter

from django.db import connection

from coalitions.language import ANALYSER_VERSION
from search.engines import engine
from search.indexed import labels_of, records_of
from search.planning import Action, plan


def clock() -> int:
    """Microseconds by the database's clock, so that several workers' machines may disagree."""
    if connection.vendor != "postgresql":
        return time.time_ns() // 1_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        return int(cursor.fetchone()[0])


def bring_up_to_date(kind: str, key: str, *, force: bool = False) -> Counter[Action]:
    """Index, relabel or evict what of this thing is behind; `force` analyses again regardless."""
    version = clock()
    present = {record.ref: record for record in records_of(kind, key)}
    held = engine().held_of_family(key)
    done: Counter[Action] = Counter()
    for ref in sorted(held.keys() | present.keys()):
        record = present.get(ref)
        labels = record.labels if record is not None else frozenset()
        fingerprint = record.fingerprint if record is not None else ""
        action = plan(held.get(ref), labels, fingerprint, ANALYSER_VERSION)
        if record is not None and (action is Action.INDEX or (force and labels)):
            action = Action.INDEX
            engine().index([record.analysed(version)])
        elif action is Action.RELABEL:
            engine().relabel(ref, labels, version)
        elif action is Action.EVICT:
            engine().delete([ref])
        done[action] += 1
    return done


def tighten(kind: str, key: str) -> None:
    """Take away from the index, now, what this thing's present labels no longer give.

    Called inside the transaction of the change: nobody who lost sight of it is left with a count.
    Labels that were added come with the worker.
    """
    held = engine().held_of_family(key)
    if not held:
        return
    labels = labels_of(kind, key)
    for ref, known in sorted(held.items()):
        left = known.labels & labels.get(ref, frozenset())
        if not left:
            engine().delete([ref])
        elif left != known.labels:
            engine().relabel(ref, left, clock())
