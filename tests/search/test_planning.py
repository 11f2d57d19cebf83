"""The planner: four answers from what is held and what is so."""

from __future__ import annotations

import pytest

from search.engines.index_docs import Held
from search.planning import Action, plan

HELD = Held(version=1, analyser=1, fingerprint="f", labels=frozenset({"org:1"}))


@pytest.mark.parametrize(
    ("held", "labels", "fingerprint", "analyser", "action"),
    [
        (None, {"org:1"}, "f", 1, Action.INDEX),
        (None, set(), "f", 1, Action.SKIP),
        (HELD, {"org:1"}, "f", 1, Action.SKIP),
        (HELD, {"org:1"}, "g", 1, Action.INDEX),
        (HELD, {"org:1"}, "f", 2, Action.INDEX),
        (HELD, {"org:1", "public"}, "f", 1, Action.RELABEL),
        (HELD, {"public"}, "g", 1, Action.INDEX),
        (HELD, set(), "f", 1, Action.EVICT),
        (HELD, set(), "g", 2, Action.EVICT),
    ],
)
def test_plan(
    held: Held | None, labels: set[str], fingerprint: str, analyser: int, action: Action
) -> None:
    assert plan(held, frozenset(labels), fingerprint, analyser) is action
