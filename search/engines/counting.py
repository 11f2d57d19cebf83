"""What every engine makes of its counts, in one way: facets in their order, and the page shown.

Invariant: the order of facets and of their values hangs on names and counts alone, never on the
order in which a database or a server came upon them, which knows of hidden records.
"""

from __future__ import annotations

from collections.abc import Mapping

from search.engines.base import FACETS, MAX_OFFSET, FacetValue, Query


def facets_of(
    counted: Mapping[str, Mapping[str, int]], query: Query
) -> dict[str, tuple[FacetValue, ...]]:
    """Facets of an answer from facet name to value to count; chosen values without hits count 0.

    Facets stand in the order of `FACETS`, values with the most frequent first, then by name.
    """
    counts = {name: dict(values) for name, values in counted.items()}
    for name, chosen in query.filters.items():
        counts[name] = {**dict.fromkeys(chosen, 0), **counts.get(name, {})}
    return {
        name: tuple(
            FacetValue(value, count, value in query.filters.get(name, ()))
            for value, count in sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))
        )
        for name in (*FACETS, *sorted(counts.keys() - set(FACETS)))
        if counts.get(name)
    }


def clamp(query: Query, total: int) -> tuple[int, int, bool]:
    """(page to show, number of pages, whether hits are counted but not shown)."""
    reachable = min(total, MAX_OFFSET)
    pages = max(1, -(-reachable // query.size))
    return min(max(query.page, 1), pages), pages, total > reachable
