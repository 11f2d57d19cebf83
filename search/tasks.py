"""Work in the background: draining the outbox, and looking for drift every night.

Invariant: messages carry nothing; both tasks may run at any time, twice or never, without harm.
"""

from __future__ import annotations

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


@shared_task(name="search.drain_outbox", ignore_result=True)
def drain_outbox() -> None:
    """Teach the index what changed."""
    from search.outbox import drain

    drain()


@shared_task(name="search.verify", ignore_result=True)
def verify_index() -> None:
    """Compare the index with the database both ways, and repair what differs."""
    from search.reconcile import compare, repair

    drift = compare()
    if drift:
        logger.warning("Search drift: %s", drift.summary())
        repair(drift)
