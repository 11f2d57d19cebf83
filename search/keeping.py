"""Bringing one engine in step with things, whole or in their labels alone.

Invariant: what is written carries a version from the database's clock before the state was read,
so that of two readers the one who read later wins, in whatever order they write. In the embedded
engine a thing's labels are read once more, under a lock, in the transaction that writes them.
"""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from django.db import connection, transaction

from coalitions.language import ANALYSER_VERSION
from search import engines
from search.engines.base import Engine
from search.engines.index_docs import IndexDoc
from search.indexed import ends_of, labels_of, records_of, refs_of
from search.models import Feed
from search.planning import Action, plan
from search.records import Record
from search.withholding import withhold

if TYPE_CHECKING:
    from search.engines.elasticsearch import ElasticsearchEngine

# Advisory locks of things have this number first; others of the portal have others.
_LOCKS: Final = 0x5EA2C4


class Overtaken(Exception):
    """A thing changed while it was being read; reading it again will do."""


@dataclass
class Step:
    """What is to be done about one record; `record` is to be analysed into `doc`."""

    action: Action
    ref: str
    version: int
    labels: frozenset[str]
    record: Record | None = None
    doc: IndexDoc | None = None


@dataclass
class Plan:
    """What is to be done about one thing.

    `size`: characters to be analysed for it. `withheld`: rows that this makes unnecessary.
    """

    kind: str
    key: str
    steps: list[Step] = field(default_factory=list)
    size: int = 0
    withheld: list[int] = field(default_factory=list)

    def analyse(self) -> None:
        """Make the records ready to be written."""
        for step in self.steps:
            if step.record is not None and step.doc is None:
                step.doc = step.record.analysed(step.version)


def clock() -> int:
    """Microseconds by the database's clock, so that several workers' machines may disagree."""
    if connection.vendor != "postgresql":
        return time.time_ns() // 1_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        return int(cursor.fetchone()[0])


def look(
    engine: Engine, things: Sequence[tuple[str, str]], *, force: bool = False
) -> Iterator[Plan]:
    """Plan for one thing after the other; `force` analyses again regardless.

    What is held is read before the state, so that a version may be raised to the one that is held:
    a clock that was set back must not keep a change out.
    """
    version = clock()
    refs = {thing: refs_of(*thing) for thing in things}
    held = engine.held([ref for known in refs.values() for ref in known])
    for kind, key in things:
        made = Plan(kind, key)
        present = {record.ref: record for record in records_of(kind, key)}
        for ref in sorted({*refs[kind, key], *present}):
            known = held.get(ref)
            at = max(version, known.version) if known is not None else version
            record = present.get(ref)
            step = Step(Action.SKIP, ref, at, record.labels if record else frozenset())
            step.action = plan(
                known, step.labels, record.fingerprint if record else "", ANALYSER_VERSION
            )
            if record is not None and (step.action is Action.INDEX or (force and step.labels)):
                step.action, step.record = Action.INDEX, record
                made.size += sum(len(page.text) for page in record.pages)
            made.steps.append(step)
        yield made


def carry_out(engine: Engine, plans: Collection[Plan], *, found_at_once: bool) -> Counter[Action]:
    """Write what was planned. `found_at_once`: searches know of it when this returns.

    Raises Overtaken in the embedded engine, with nothing written.
    """
    for made in plans:
        made.analyse()
    if engine.name == engines.EMBEDDED:
        with transaction.atomic():
            for made in plans:
                _check(made)
            return _write(engine, plans)
    done = _write(engine, plans)
    if found_at_once:
        cast("ElasticsearchEngine", engine).refresh_now()
    return done


def _write(engine: Engine, plans: Iterable[Plan]) -> Counter[Action]:
    steps = [step for made in plans for step in made.steps]
    engine.index([step.doc for step in steps if step.doc is not None])
    for step in steps:
        if step.action is Action.RELABEL:
            engine.relabel(step.ref, step.labels, step.version)
        elif step.action is Action.EVICT:
            engine.delete([step.ref], version=step.version)
    return Counter(step.action for step in steps)


def _check(made: Plan) -> None:
    """Nobody may lose sight of a thing between our reading and our writing."""
    if all(step.action is Action.SKIP for step in made.steps):
        return
    if not _try_lock(made.kind, made.key):
        raise Overtaken
    labels = labels_of(made.kind, made.key)
    if any(step.labels != labels.get(step.ref, frozenset()) for step in made.steps):
        raise Overtaken


def _try_lock(kind: str, key: str) -> bool:
    """Keep others from writing this thing until the transaction ends; on SQLite it does that.

    False where another one has it.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, _number(kind, key)])
        return bool(cursor.fetchone()[0])


def lock_all(kind: str, keys: Sequence[str]) -> None:
    """Keep others from writing any of these things, one after the other in the order given."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, n) FROM unnest(%s::int[]) AS n",
            [_LOCKS, [_number(kind, key) for key in keys]],
        )


def _number(kind: str, key: str) -> int:
    return zlib.crc32(f"{kind}:{key}".encode()) - (1 << 31)


def bring_up_to_date(
    kind: str, key: str, *, force: bool = False, engine: Engine | None = None
) -> Counter[Action]:
    """Index, relabel or evict what of this thing is behind, now, in one engine."""
    chosen = engine or engines.embedded()
    return carry_out(chosen, list(look(chosen, [(kind, key)], force=force)), found_at_once=True)


def feeds_beside() -> bool:
    """Whether an engine beside the database may still hold what this one no longer gives."""
    return Feed.objects.exclude(name=engines.EMBEDDED).exists()


def tighten(kind: str, key: str) -> None:
    """Take away from the index, now, what this thing's present labels no longer give.

    Called inside the transaction of the change: nobody who lost sight of it is left with a count.
    Labels that were added come with the worker. An engine beside the database is not asked: what it
    may still hold is withheld from whoever lost sight of it, and from all once it is over.
    """
    lock_all(kind, [key])
    engine = engines.embedded()
    refs = refs_of(kind, key)
    labels = labels_of(kind, key)
    for ref, known in sorted(engine.held(refs).items()):
        left = known.labels & labels.get(ref, frozenset())
        if left != known.labels:
            # A record that nobody may see keeps its place, without labels, until the worker takes
            # it away: its version refuses whoever read the state before.
            engine.relabel(ref, left, max(clock(), known.version))
    for ref, end in sorted(ends_of(kind, key).items()):
        engine.end(ref, end, clock())
    if feeds_beside():
        withhold(kind, key, {ref: labels.get(ref, frozenset()) for ref in refs})
