"""Two-way drift between database and an engine, and its repair.

Invariant: comparing changes nothing in an index. Repair goes through the outbox, so that it never
writes a state that somebody else has overtaken; what no thing of ours can own is removed at once.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from coalitions.language import ANALYSER_VERSION
from search import engines, feeds
from search.engines.base import Engine
from search.engines.index_docs import Held
from search.indexed import objects, parse_ref, records_of, refs_of
from search.models import Feed, OutboxRow
from search.outbox import Thing, drain
from search.planning import Action, plan
from search.watching import note_in

REPAIR_SECONDS: Final = 3_600
_LOOK_AGAIN_SECONDS: Final = 0.2


@dataclass
class Drift:
    """Refs by what is wrong with them, and the things to bring in step."""

    missing: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    mislabelled: set[str] = field(default_factory=set)
    extra: set[str] = field(default_factory=set)
    misplaced: set[str] = field(default_factory=set)
    things: set[Thing] = field(default_factory=set)
    compared: int = 0

    def __bool__(self) -> bool:
        return any(self.numbers().values())

    def numbers(self) -> dict[str, int]:
        """How many of each."""
        names = ("missing", "stale", "mislabelled", "extra", "misplaced")
        return {name: len(getattr(self, name)) for name in names}

    def summary(self) -> str:
        """Numbers only."""
        found = (
            f"{self.compared} records compared; {len(self.missing)} missing, "
            f"{len(self.stale)} with old text, {len(self.mislabelled)} with other labels, "
            f"{len(self.extra)} that should not be there"
        )
        return f"{found}, {len(self.misplaced)} wrong among the public" if self.misplaced else found


def compare(engine: Engine | None = None, things: Collection[Thing] | None = None) -> Drift:
    """Look at everything that is indexed or should be, in one engine (the embedded, when None).

    With `things`, at these alone.
    """
    chosen = engine or engines.embedded()
    drift = Drift()
    if things is None:
        held = dict(chosen.held())
        _compare_public(chosen, held, drift)
    else:
        held = dict(chosen.held([ref for thing in things for ref in refs_of(*thing)]))
    for thing in objects() if things is None else things:
        for record in records_of(*thing):
            drift.compared += 1
            known = held.pop(record.ref, None)
            action = plan(known, record.labels, record.fingerprint, ANALYSER_VERSION)
            if action is Action.SKIP:
                continue
            drift.things.add(thing)
            if known is None:
                drift.missing.add(record.ref)
            elif known.labels != record.labels:
                drift.mislabelled.add(record.ref)
            else:
                drift.stale.add(record.ref)
    drift.extra |= held.keys()
    return drift


def _compare_public(engine: Engine, held: Mapping[str, Held], drift: Drift) -> None:
    """The index of public things must hold just those; in the embedded engine it is a view."""
    publicly = getattr(engine, "held_publicly", None)
    if publicly is None:
        return
    found: Mapping[str, Held] = publicly()
    wanted = {ref for ref, known in held.items() if "public" in known.labels}
    drift.misplaced |= wanted ^ found.keys()


def record(engine: Engine, drift: Drift) -> None:
    """Keep what a comparison found, for whoever operates the portal; dropped hits start anew."""
    feeds.feed_of(engine.name)
    Feed.objects.filter(name=engine.name).update(
        verified=timezone.now(), drift=drift.numbers(), dropped=0
    )


def repair(drift: Drift, engine: Engine | None = None, seconds: float = REPAIR_SECONDS) -> None:
    """Bring what drifted in step, from its present state."""
    chosen = engine or engines.embedded()
    things = set(drift.things)
    strangers = []
    for ref in sorted(drift.extra | drift.misplaced):
        try:
            found = parse_ref(ref)
            thing = (found.kind, str(found.key))
            ours = ref in refs_of(*thing)
        except (KeyError, ValueError):
            ours = False
        if ours:
            things.add(thing)
        else:
            strangers.append(ref)
    chosen.delete(strangers)
    if drift.misplaced:
        _write_anew(chosen, drift.misplaced)
    bring_in_step(chosen, things, seconds)


def _write_anew(engine: Engine, refs: Iterable[str]) -> None:
    """Write labels again that are right in one index and not in the other."""
    for ref, known in sorted(engine.held(list(refs)).items()):
        engine.relabel(ref, known.labels, known.version)
    absent = [ref for ref in refs if ref not in engine.held(list(refs))]
    engine.delete(absent)


def bring_in_step(engine: Engine, things: Iterable[Thing], seconds: float) -> None:
    """Note these things for one engine and wait until the outbox is through with them."""
    waiting = set(things)
    with transaction.atomic():
        for thing in sorted(waiting):
            note_in(connection, *thing)
    until = time.monotonic() + seconds
    while waiting and time.monotonic() < until:
        drain(until - time.monotonic(), only=engine.name)
        waiting = _waiting(engine.name, waiting)
        if waiting and feeds.is_paused(engine.name):
            return
        if waiting:
            time.sleep(_LOOK_AGAIN_SECONDS)


def _waiting(engine: str, things: set[Thing]) -> set[Thing]:
    """Those of the things that somebody is still at, or that are due again in a moment."""
    found: set[Thing] = set()
    rest: Iterator[Thing] = iter(things)
    while batch := list(islice(rest, 500)):
        busy = OutboxRow.objects.filter(
            Q(claimed__isnull=False) | Q(attempts=0),
            engine=engine,
            key__in=[key for _, key in batch],
        )
        found |= set(busy.values_list("kind", "key")) & set(batch)
    return found
