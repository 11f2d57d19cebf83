"""Times in milliseconds, and how they are told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def milliseconds(act: Callable[[], Any]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - started)


def rate(count: int, act: Callable[[], Any]) -> float:
    """How many of them are done in a second."""
    return count / max(milliseconds(act) / 1000, 1e-9)


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of them does not pass."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(times: Sequence[float]) -> float:
    """The time in the middle."""
    return percentile(times, 0.5)


def p95(times: Sequence[float]) -> float:
    """The time of the slowest but five in a hundred."""
    return percentile(times, 0.95)


def say(line: str = "") -> None:
    """A line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def row(name: str, measured: str, goal: str = "") -> None:
    """A line of the table."""
    say(f"  {name:<58} {measured:>26}  {goal}")
