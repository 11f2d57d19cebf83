"""The Convention as a map: 54 cells with weights, 54 ticks with marks.

Invariant: weights come from counts the caller may see; a cell never tells more than its count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

ARTICLES = range(1, 55)
HEAVIEST = 4


@dataclass(frozen=True)
class Cell:
    """One article of the Convention on the ruler."""

    number: int
    count: int
    weight: int


@dataclass(frozen=True)
class Tick:
    """One article of the Convention on the strip."""

    number: int
    x: int
    is_cited: bool


def ruler(counts: Mapping[int, int]) -> list[Cell]:
    """Return 54 cells; the weight runs from 0 (nothing written) to 4 (most)."""
    most = max(counts.values(), default=0)
    cells = []
    for number in ARTICLES:
        count = counts.get(number, 0)
        weight = max(1, round(HEAVIEST * count / most)) if count else 0
        cells.append(Cell(number, count, weight))
    return cells


def strip(numbers: Collection[int]) -> list[Tick]:
    """Return 54 ticks, those in `numbers` marked."""
    cited = frozenset(numbers)
    return [Tick(number, (number - 1) * 6, number in cited) for number in ARTICLES]
