"""How each engine stands: paused after trouble, built or not, told in one row per engine.

Invariant: an engine that was not fed for a while counts as never built.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from coalitions.language import ANALYSER_VERSION
from search import engines
from search.engines.base import SearchUnavailable
from search.models import Feed, OutboxRow, Withheld

FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(minutes=1)
# Longer than catching up and swapping take.
HELD: Final = timedelta(minutes=10)
# A rebuild that gave no sign of life for this long is dead.
SILENCE: Final = timedelta(minutes=5)


def feed_of(name: str) -> Feed:
    """The row of this engine. From now on changes are noted for it."""
    return Feed.objects.get_or_create(name=name)[0]


def take_up() -> None:
    """Let changes be noted for every engine of this installation."""
    for engine in engines.engines():
        feed_of(engine.name)


def let_go() -> None:
    """Note nothing more for engines that this installation has no longer; for the worker alone.

    A command that is run without the worker's settings must not make an index look complete.
    """
    known = {engine.name for engine in engines.engines()}
    with transaction.atomic():
        gone = Feed.objects.exclude(name__in=known)
        if gone.exists():
            OutboxRow.objects.exclude(engine__in=known).delete()
            Withheld.objects.all().delete()
            gone.delete()


def is_paused(name: str) -> bool:
    """Whether the worker leaves this engine alone for now."""
    return Feed.objects.filter(name=name, paused_until__gt=timezone.now()).exists()


def pause(name: str, at_least: timedelta = timedelta(0)) -> None:
    """The engine is in trouble: wait, each time longer. What waits for it is kept."""
    with transaction.atomic():
        feed = Feed.objects.select_for_update().get_or_create(name=name)[0]
        length = max(min(FIRST_PAUSE * 2 ** min(feed.troubles, 20), LONGEST_PAUSE), at_least)
        feed.troubles = min(feed.troubles + 1, 1_000)
        feed.paused_until = max(timezone.now() + length, feed.paused_until or timezone.now())
        feed.save(update_fields=["troubles", "paused_until"])


@contextmanager
def held(name: str) -> Iterator[None]:
    """Let no worker begin to write to this engine; a process that dies holds it no longer."""
    Feed.objects.filter(name=name).update(troubles=0, paused_until=timezone.now() + HELD)
    try:
        yield
    finally:
        Feed.objects.filter(name=name).update(troubles=0, paused_until=None)


def go_on(name: str) -> None:
    """The engine answers."""
    Feed.objects.filter(name=name, troubles__gt=0).update(troubles=0, paused_until=None)


def is_built(name: str) -> bool:
    """Whether there is an index to bring in step. The embedded one is always there."""
    if name == engines.EMBEDDED:
        return True
    return Feed.objects.filter(name=name, built__isnull=False, analyser=ANALYSER_VERSION).exists()


def look_after(name: str) -> None:
    """See whether an index that gave trouble is there at all; one that is gone must be built."""
    engine = engines.beside()
    if engine is None or engine.name != name:
        return
    try:
        gone = not engine.is_there()
    except SearchUnavailable:
        return
    if gone:
        Feed.objects.filter(name=name).update(built=None)


def is_rebuilding(name: str) -> bool:
    """Whether somebody is building this index."""
    return Feed.objects.filter(name=name, rebuilding__gt=timezone.now() - SILENCE).exists()


def count_dropped(name: str, number: int) -> None:
    """Hits of this engine were dropped because the database says otherwise."""
    try:
        with transaction.atomic():
            feed_of(name)
            Feed.objects.filter(name=name).update(dropped=F("dropped") + number)
    except DatabaseError:  # a search is answered whether it can be counted or not
        return
