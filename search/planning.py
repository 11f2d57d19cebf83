"""What to do about a record, from what is held of it and what is so. Pure.

Invariant: a record that nobody may find is evicted, whatever else changed; text is analysed again
only when it, or the analyser, changed.
"""

from __future__ import annotations

from enum import Enum

from search.engines.index_docs import Held


class Action(Enum):
    """The four things that can be done."""

    INDEX = "index"
    RELABEL = "relabel"
    EVICT = "evict"
    SKIP = "skip"


def plan(held: Held | None, labels: frozenset[str], fingerprint: str, analyser: int) -> Action:
    """Decide. `labels` are those of the record now: none where it is gone or nobody may see it."""
    if not labels:
        return Action.EVICT if held is not None else Action.SKIP
    if held is None or held.analyser != analyser or held.fingerprint != fingerprint:
        return Action.INDEX
    return Action.SKIP if held.labels == labels else Action.RELABEL
