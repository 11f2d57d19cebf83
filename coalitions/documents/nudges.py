"""Messages to the workers: nudges after commit, that may get lost.

Invariant: the job is a row that was committed before; a broker that is down costs time only.
"""

import logging
from typing import Any

from django.db import transaction

logger = logging.getLogger(__name__)


def after_commit(task: Any, *ids: int) -> None:
    """Send `task` with `ids` when the present transaction has been committed."""

    def send() -> None:
        try:
            task.delay(*ids)
        except Exception as error:  # whatever the broker's client raises, the sweep will do it
            logger.warning("No nudge for %s %s: %s", task.name, ids, type(error).__name__)

    transaction.on_commit(send)
