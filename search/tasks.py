"""Work in the background: the outbox, building indexes, nightly comparison, saved searches.

Invariant: messages carry nothing; each task may run at any time, twice or never, without harm.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import timedelta
from typing import Final

from celery import shared_task
from django.conf import settings

logger = logging.getLogger(__name__)

REBUILD_SECONDS: Final = 6 * 3_600
AFTER_A_FAILED_BUILD: Final = timedelta(minutes=10)


def nudge(task: object) -> None:
    """Send a task; a broker that is down costs time only, because the schedule sends it too."""
    try:
        task.delay()  # type: ignore[attr-defined]
    except Exception as error:  # whatever the broker's client raises
        logger.warning("No nudge: %s", type(error).__name__)


@shared_task(name="search.drain_outbox", ignore_result=True)
def drain_outbox() -> None:
    """Teach the embedded index what changed, and then the one beside it, in a task of its own."""
    from search import engines, feeds
    from search.outbox import drain, note_what_is_old

    feeds.take_up()
    feeds.let_go()
    note_what_is_old()
    if drain(only=engines.EMBEDDED):
        nudge(run_saved_searches)
    if engines.beside() is not None:
        nudge(feed_beside)


@shared_task(name="search.feed_beside", ignore_result=True)
def feed_beside() -> None:
    """Teach the engine beside the database what changed; see that its index is there."""
    from search import engines, feeds
    from search.outbox import drain

    beside = engines.beside()
    if beside is None or feeds.is_paused(beside.name):
        return
    feeds.take_up()
    feeds.look_after(beside.name)
    if feeds.is_built(beside.name):
        drain(only=beside.name)
    if not feeds.is_built(beside.name) and not feeds.is_rebuilding(beside.name):
        nudge(build_beside)


@shared_task(
    name="search.build_beside",
    ignore_result=True,
    time_limit=REBUILD_SECONDS + 60,
    soft_time_limit=REBUILD_SECONDS + 30,
)
def build_beside() -> None:
    """Build the index that is missing. In a process of its own: it starts others to analyse."""
    from search import engines, feeds

    beside = engines.beside()
    if beside is None or feeds.is_rebuilding(beside.name) or feeds.is_built(beside.name):
        return
    command = [sys.executable, "-m", "django", "search_rebuild", "--engine", beside.name]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), *_paths()])},
        stdin=subprocess.DEVNULL,
        timeout=REBUILD_SECONDS,
        check=False,
    )
    if done.returncode:
        feeds.pause(beside.name, at_least=AFTER_A_FAILED_BUILD)
        logger.error("The search index was not built: see the lines above.")


def _paths() -> list[str]:
    return [path for path in (os.environ.get("PYTHONPATH"),) if path]


@shared_task(name="search.run_saved", ignore_result=True)
def run_saved_searches() -> None:
    """Run the saved searches that are due, and write the alerts that are owed."""
    from search.saved.running import run_due

    run_due()


@shared_task(name="search.verify", ignore_result=True)
def verify_index() -> None:
    """Compare each index with the database both ways, and repair what differs."""
    from search import engines, feeds
    from search.engines.base import SearchUnavailable
    from search.reconcile import compare, record, repair

    for engine in engines.engines():
        if not feeds.is_built(engine.name):
            continue
        try:
            drift = compare(engine)
            record(engine, drift)
            if drift:
                logger.warning("Search drift in %s: %s", engine.name, drift.summary())
                repair(drift, engine, seconds=300)
            if (beside := engines.beside()) is not None and engine.name == beside.name:
                beside.expunge()
        except SearchUnavailable as error:
            logger.warning("Search index %s was not compared: %s", engine.name, error)


@shared_task(
    name="search.tidy",
    ignore_result=True,
    time_limit=REBUILD_SECONDS + 60,
    soft_time_limit=REBUILD_SECONDS + 30,
)
def tidy_embedded() -> None:
    """Let the embedded engine do what it does now and then: see `EmbeddedEngine.tidy`."""
    from search import engines

    engines.embedded().tidy()
