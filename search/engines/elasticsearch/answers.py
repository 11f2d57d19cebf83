"""From what the server answered to `Results`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.engines.base import BEST_PAGES, Hit, Query, Results
from search.engines.counting import clamp, facets_of


def total_of(found: Mapping[str, Any]) -> int:
    """How many records match."""
    return int(found["hits"]["total"]["value"])


def _hit(hit: Mapping[str, Any]) -> Hit:
    pages = hit.get("inner_hits", {}).get("pages", {}).get("hits", {}).get("hits", ())
    numbers = (int(page["fields"]["pages.n"][0]) for page in pages)
    best = tuple(dict.fromkeys(number for number in numbers if number))
    return Hit(str(hit["fields"]["ref"][0]), best[:BEST_PAGES])


def _counted(found: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    counts = {}
    for name, answered in found.get("aggregations", {}).items():
        buckets = answered.get("values", answered).get("buckets", ())
        counts[name] = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    return counts


def results_of(found: Mapping[str, Any] | None, query: Query, exact: int | None = None) -> Results:
    """The answer; that of nobody's labels when nothing was asked.

    `exact`: how many hold all words, where any of them was enough.
    """
    answer: Mapping[str, Any] = found or {"hits": {"total": {"value": 0}, "hits": []}}
    total = total_of(answer)
    page, pages, capped = clamp(query, total)
    return Results(
        hits=tuple(_hit(hit) for hit in answer["hits"]["hits"]),
        total=total,
        exact=total if exact is None else min(exact, total),
        relaxed=exact is not None and exact < total,
        page=page,
        pages=pages,
        capped=capped,
        facets=facets_of(_counted(answer), query),
    )
