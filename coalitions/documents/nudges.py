"""Messages to the workers: nudges after commit, that may get lost.

Invariant: the job is a row that was committed before; a broker that is down costs time only.
"""

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def after_commit(task: Any, *ids: int) -> None:
    """Send `task` with `ids` when the present transaction has been committed, once."""
    nudge = (task.name, ids)
    connection = transaction.get_connection()
    within = set(connection.savepoint_ids)
    for savepoints, waiting, *_rest in connection.run_on_commit:
        # One that waits already, and is not taken back unless this one is.
        if getattr(waiting, "nudge", None) == nudge and savepoints <= within:
            return

    def send() -> None:
        try:
            task.delay(*ids)
        except Exception as error:  # whatever the broker's client raises, the sweep will do it
            logger.warning("No nudge for %s %s: %s", task.name, ids, type(error).__name__)

    send.nudge = nudge  # type: ignore[attr-defined]
    transaction.on_commit(send)
