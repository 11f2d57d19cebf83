"""The outbox: noted with a change, drained by the worker, each engine for itself.

Invariant: a row goes away only when its engine has been brought in step with a state that was read
after the row was written, and nobody else is at the same object meanwhile. An engine that does
not answer pauses and loses nothing; an object that fails waits longer each time and is
set aside after ten failures; a later success of the same object takes it along.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from coalitions.crash_points import reached
from coalitions.documents.nudges import after_commit
from coalitions.language import ANALYSER_VERSION
from search import engines, feeds, withholding
from search.engines.base import Engine, RecordRefused, SearchUnavailable
from search.indexed import objects
from search.keeping import Overtaken, Plan, carry_out, look
from search.models import Entry, Feed, OutboxRow
from search.saved.waking import wake
from search.watching import note_in

logger = logging.getLogger(__name__)

MAX_ATTEMPTS: Final = 10
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
# For an object that changed while it was being read.
SHORT_PAUSE: Final = timedelta(milliseconds=300)
DRAIN_SECONDS: Final = 400
# A worker that has been at an object for longer than this is dead, or will be refused.
LEASE: Final = timedelta(minutes=3)
BATCH: Final = 20
NOTED_AT_ONCE: Final = 500
# A batch is written when it holds this much text, however few objects that are.
BATCH_CHARACTERS: Final = 2_000_000

Thing = tuple[str, str]
# Not the object's failure: the engine, or the database that it lives in, is in trouble.
TROUBLE: Final = (SearchUnavailable, OperationalError, InterfaceError)


@dataclass(frozen=True)
class Claim:
    """Objects that this worker alone is at, each with the rows that speak of it."""

    token: UUID
    things: dict[Thing, list[int]]

    def rows(self, things: Sequence[Thing]) -> QuerySet[OutboxRow]:
        """The rows of some of the objects, as far as they are still ours."""
        pks = [pk for thing in things for pk in self.things[thing]]
        return OutboxRow.objects.filter(pk__in=pks, claim=self.token)

    def hold(self, things: Sequence[Thing]) -> None:
        """Keep the rows until the transaction ends; raises Overtaken where one was taken over."""
        wanted = sum(len(self.things[thing]) for thing in things)
        if len(self.rows(things).select_for_update().values_list("pk")) != wanted:
            raise Overtaken


def note(kind: str, *keys: object) -> None:
    """Remember, in the present transaction, that the indexes are behind on these objects."""
    from search.tasks import drain_outbox

    note_in(connection, kind, *map(str, keys))
    reached("indexing.noted")
    after_commit(drain_outbox)


def note_what_is_old() -> None:
    """After an update that reads text differently: everything in the embedded index is behind.

    The index beside the database is built anew instead, so that no two ways of reading meet in it.
    """
    feed = feeds.feed_of(engines.EMBEDDED)
    if feed.analyser == ANALYSER_VERSION:
        return
    if Entry.objects.exclude(analyser=ANALYSER_VERSION).exists():
        things = objects()
        while batch := list(islice(things, NOTED_AT_ONCE)):
            OutboxRow.objects.bulk_create(OutboxRow(kind=kind, key=key) for kind, key in batch)
    Feed.objects.filter(pk=feed.pk).update(analyser=ANALYSER_VERSION)


def drain(seconds: float = DRAIN_SECONDS, *, only: str = "") -> int:
    """Bring every object in step that is due, the longest waiting first; return how many."""
    feeds.take_up()
    until = time.monotonic() + seconds
    chosen = [engines.named(only)] if only else engines.engines()
    return sum(_drain(engine, until) for engine in chosen)


def _drain(engine: Engine, until: float) -> int:
    done = 0
    while time.monotonic() < until and feeds.is_built(engine.name):
        if feeds.is_paused(engine.name):
            break
        claim = _claim(engine.name)
        if claim is None:
            break
        try:
            done += _bring(engine, claim, list(claim.things))
        except TROUBLE as error:
            logger.warning("Index %s waits: %s", engine.name, type(error).__name__)
            feeds.pause(engine.name)
            feeds.look_after(engine.name)
            break
        finally:
            claim.rows(list(claim.things)).update(claim=None, claimed=None)
        feeds.go_on(engine.name)
    return done


def _claim(engine: str) -> Claim | None:
    """Take the objects that wait longest and that nobody is at."""
    now = timezone.now()
    with transaction.atomic():
        _one_claims_at_a_time(engine)
        rows = OutboxRow.objects.filter(engine=engine)
        taken = rows.filter(kind=OuterRef("kind"), key=OuterRef("key"), claimed__gt=now - LEASE)
        due = rows.filter(~Exists(taken), set_aside=False, next_try__lte=now).order_by("pk")
        things: dict[Thing, list[int]] = {}
        for thing in due.values_list("kind", "key")[: BATCH * 10]:
            if len(things) < BATCH:
                things.setdefault(thing, [])
        whole = rows.filter(key__in=[key for _, key in things])
        for pk, kind, key in whole.values_list("pk", "kind", "key"):
            if (kind, key) in things:
                things[kind, key].append(pk)
        if not things:
            return None
        claim = Claim(uuid4(), things)
        pks = [pk for some in things.values() for pk in some]
        OutboxRow.objects.filter(pk__in=pks).update(claim=claim.token, claimed=now)
    return claim


def _one_claims_at_a_time(engine: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [0x0C1A13, engine])


def _bring(engine: Engine, claim: Claim, things: list[Thing]) -> int:
    """Bring these objects in step; where one of them fails, each for itself."""
    try:
        return sum(_write(engine, claim, plans) for plans in _batches(engine, things))
    except Exception as error:
        if isinstance(error, TROUBLE) and not isinstance(error, RecordRefused):
            raise
        if len(things) > 1:
            left = [t for t in things if claim.rows([t]).exists()]
            return sum(_bring(engine, claim, [thing]) for thing in left)
        if isinstance(error, Overtaken):
            claim.rows(things).update(next_try=timezone.now() + SHORT_PAUSE)
            return 0
        # One object's trouble must not stop the others; names only, the text stays here.
        logger.exception("Indexing %s %s failed in %s", *things[0], engine.name)
        _postpone(claim.rows(things), type(error).__name__)
        return 0


def _batches(engine: Engine, things: list[Thing]) -> Iterator[list[Plan]]:
    withheld = {thing: withholding.rows_of(*thing) for thing in _beside(engine, things)}
    reached("indexing.rows-read")
    batch: list[Plan] = []
    for made in look(engine, things):
        made.withheld = withheld.get((made.kind, made.key), [])
        # Before the lock of the database that writes take.
        made.analyse()
        batch.append(made)
        if sum(one.size for one in batch) >= BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _beside(engine: Engine, things: list[Thing]) -> list[Thing]:
    return [] if engine.name == engines.EMBEDDED else things


def _write(engine: Engine, claim: Claim, plans: list[Plan]) -> int:
    """Write a batch and remove its rows; in the embedded engine both or neither."""
    things = [(made.kind, made.key) for made in plans]
    withheld = [pk for made in plans for pk in made.withheld]
    if engine.name != engines.EMBEDDED:
        carry_out(engine, plans, found_at_once=bool(withheld))
        reached("indexing.engine-written")
    with transaction.atomic():
        if engine.name == engines.EMBEDDED:
            claim.hold(things)
            carry_out(engine, plans, found_at_once=True)
            reached("indexing.engine-written")
        claim.rows(things).delete()
        withholding.release(withheld)
        wake()
    reached("indexing.rows-removed")
    return len(plans)


def _postpone(rows: QuerySet[OutboxRow], failure: str) -> None:
    pks = list(rows.values_list("pk", flat=True))
    rows = OutboxRow.objects.filter(pk__in=pks)
    rows.update(attempts=F("attempts") + 1, failure=failure[:100])
    attempts = max(rows.values_list("attempts", flat=True), default=0)
    pause = min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE)
    rows.update(next_try=timezone.now() + pause, set_aside=attempts >= MAX_ATTEMPTS)
