"""What becomes of documents in the demonstration's coalitions when an organisation leaves."""

from __future__ import annotations

from typing import Final

from coalitions.network.models import OnLeaving

RULES: Final = {"open-classrooms": OnLeaving.GO}


def rule_of(coalition: str) -> str:
    """Return the rule of the coalition with this slug."""
    return RULES.get(coalition, OnLeaving.STAY)
