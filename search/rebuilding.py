"""Building an index anew while it is asked and fed.

Invariant: searching never stops and no change is lost. The embedded index is written over record
by record, and what changes meanwhile wins. An index beside the database is built next to the live
one, compared with database and live index, and takes its place in one step while its
outbox is held; what waits in the outbox is written to the new one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.language import ANALYSER_VERSION
from search import engines, feeds
from search.analysing import Analysts
from search.engines.base import Engine, RecordRefused, SearchUnavailable
from search.indexed import objects, parse_ref
from search.keeping import Overtaken, Plan, carry_out, look
from search.models import Feed, OutboxRow
from search.outbox import LEASE, Thing, drain
from search.reconcile import Drift, bring_in_step, compare
from search.watching import note_in

if TYPE_CHECKING:
    from search.engines.elasticsearch import ElasticsearchEngine

BATCH: Final = 50
BATCH_CHARACTERS: Final = 1_000_000
# So few things are analysed sooner than processes are started.
FEW: Final = 200
MAX_ROUNDS: Final = 10
PATIENCE_SECONDS: Final = 30.0
SETTLE_SECONDS: Final = 60.0
LAST_SECONDS: Final = 10.0

Say = Callable[[str], None]


class GateFailed(Exception):
    """The new index is not what the database says; the live one was left alone."""


@dataclass
class Progress:
    """Counts records, and tells the other processes that the rebuild is alive."""

    name: str
    say: Say
    records: int = 0
    refused: set[Thing] = field(default_factory=set)
    _told: float = field(default_factory=time.monotonic)

    def alive(self) -> None:
        """Give a sign of life."""
        Feed.objects.filter(name=self.name).update(rebuilding=timezone.now())

    def wrote(self, plans: list[Plan]) -> None:
        """A batch was written."""
        self.records += sum(step.doc is not None for made in plans for step in made.steps)
        if time.monotonic() - self._told > 10:
            self._told = time.monotonic()
            self.alive()
            self.say(f"{self.records} records written.")


def default_jobs() -> int:
    """As many processes as there are cores; one where there is little to do."""
    few = sum(1 for _ in islice(objects(), FEW + 1)) <= FEW
    return 1 if few else os.cpu_count() or 1


def rebuild(engine: Engine, *, jobs: int = 0, say: Say = lambda line: None) -> int:
    """Build this engine's index anew; returns how many records were written.

    Raises GateFailed when the result is not what the database says, SearchUnavailable when
    the engine does not answer; either way the live index goes on answering.
    """
    feeds.take_up()
    progress = Progress(engine.name, say)
    progress.alive()
    try:
        with Analysts(jobs or default_jobs()) as analysts:
            if engine.name == engines.EMBEDDED:
                _write_over(engine, analysts, progress)
                _built(engine.name)
            else:
                _build_beside(engine, analysts, progress)  # type: ignore[arg-type]
    finally:
        Feed.objects.filter(name=engine.name).update(rebuilding=None)
    return progress.records


def _built(name: str) -> None:
    Feed.objects.filter(name=name).update(built=timezone.now(), analyser=ANALYSER_VERSION)


# Reading and writing --------------------------------------------------------------------------
def _batches(engine: Engine, things: Iterable[Thing], *, force: bool) -> Iterator[list[Plan]]:
    rest = iter(things)
    while some := list(islice(rest, BATCH)):
        batch: list[Plan] = []
        size = 0
        for made in look(engine, some, force=force):
            batch.append(made)
            size += made.size
            if size >= BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _fill(engine: Engine, analysts: Analysts, progress: Progress, things: Iterable[Thing]) -> None:
    for batch in analysts.analysed(_batches(engine, things, force=True)):
        _write(engine, batch, progress)
        progress.wrote(batch)


def _write(engine: Engine, batch: list[Plan], progress: Progress) -> None:
    try:
        carry_out(engine, batch, found_at_once=False)
    except Overtaken:
        # It changed while we read: its row waits in the outbox. The others do not wait for it.
        for made in batch if len(batch) > 1 else ():
            _write(engine, [made], progress)
    except RecordRefused:
        if len(batch) == 1:
            progress.refused.add((batch[0].kind, batch[0].key))
        for made in batch if len(batch) > 1 else ():
            _write(engine, [made], progress)
    reached("rebuilding.batch-written")


# The embedded index --------------------------------------------------------------------------
def _write_over(engine: Engine, analysts: Analysts, progress: Progress) -> None:
    _fill(engine, analysts, progress, objects())
    drift = compare(engine)
    engine.delete([ref for ref in drift.extra if not _things_of([ref])])
    _settle(engine, drift, progress, lambda things: bring_in_step(engine, things, SETTLE_SECONDS))


def _note(things: Iterable[Thing]) -> None:
    with transaction.atomic():
        for thing in sorted(things):
            note_in(connection, *thing)


def _things_of(refs: Iterable[str]) -> set[Thing]:
    found = set()
    for ref in refs:
        try:
            parts = parse_ref(ref)
        except ValueError:
            continue
        found.add((parts.kind, str(parts.key)))
    return found


# An index beside the database -------------------------------------------------------------------
def _build_beside(live: ElasticsearchEngine, analysts: Analysts, progress: Progress) -> None:
    _wait_for_older_transactions()
    live.sweep()
    beside = live.beside()
    try:
        _fill(beside, analysts, progress, objects())
        progress.say("Comparing with the database.")
        _pass_gate(beside, progress)
        if feeds.is_built(live.name):
            # Most of it while workers go on, so that they are held for a moment only.
            _catch_up(live, beside, progress, enough=FEW)
        with feeds.held(live.name):
            _wait_for_claims(live.name)
            if feeds.is_built(live.name):
                _catch_up(live, beside, progress)
            beside.refresh_now()
            reached("rebuilding.before-swap")
            live.adopt(beside)
            reached("rebuilding.swapped")
            _built(live.name)
    except BaseException:
        _drop(beside)
        raise
    _note(progress.refused)
    progress.say("The new index is in its place.")
    # Where changes come faster than they can be written, the worker goes on alone.
    drain(LAST_SECONDS, only=live.name)


def _drop(beside: ElasticsearchEngine) -> None:
    try:
        beside.drop()
    except SearchUnavailable:
        return  # the server is away; the next rebuild sweeps what is left


def _pass_gate(beside: ElasticsearchEngine, progress: Progress) -> None:
    """Counts, identifiers both ways and labels, of everything."""
    drift = _without(compare(beside), progress.refused)
    if drift.misplaced:
        raise GateFailed(drift.summary())
    _settle(beside, drift, progress, lambda things: _bring(beside, things, progress))


def _settle(
    engine: Engine, drift: Drift, progress: Progress, bring: Callable[[set[Thing]], None]
) -> None:
    """What differs may have changed since it was written: only what goes on differing is wrong."""
    for _ in range(MAX_ROUNDS):
        left = drift.things | _things_of(drift.extra)
        if not left:
            return
        progress.alive()
        bring(left)
        drift = _without(compare(engine, left), progress.refused)
    if drift:
        raise GateFailed(drift.summary())


def _without(drift: Drift, things: set[Thing]) -> Drift:
    for refs in (drift.missing, drift.stale, drift.mislabelled):
        refs -= {ref for ref in refs if _things_of([ref]) <= things}
    drift.things -= things
    return drift


def _catch_up(
    live: ElasticsearchEngine, beside: ElasticsearchEngine, progress: Progress, enough: int = 0
) -> None:
    """Bring over what the live index was taught meanwhile, until at most `enough` is new in it."""
    behind: set[str] = set()
    for _ in range(MAX_ROUNDS):
        progress.alive()
        theirs, ours = live.held(), beside.held()
        late = {r for r, h in theirs.items() if r not in ours or ours[r].version < h.version}
        late |= ours.keys() - theirs.keys()
        if len(late - behind) <= enough:
            return
        behind = late
        _bring(beside, _things_of(late), progress)


def _bring(engine: Engine, things: set[Thing], progress: Progress) -> None:
    for batch in _batches(engine, sorted(things), force=False):
        _write(engine, batch, progress)


def _wait_for_claims(name: str) -> None:
    """Let the workers that are at it end; none begins while the feed is held."""
    until = time.monotonic() + LEASE.total_seconds()
    while time.monotonic() < until:
        if not OutboxRow.objects.filter(engine=name, claimed__gt=timezone.now() - LEASE).exists():
            return
        time.sleep(0.1)


def _wait_for_older_transactions() -> None:
    """Changes that began before this engine was fed are not noted for it: let them end first."""
    if connection.vendor != "postgresql":
        return
    until = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        ours = cursor.fetchone()[0]
        while time.monotonic() < until:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= ours:
                return
            time.sleep(0.2)
