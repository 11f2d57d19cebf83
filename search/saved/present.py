"""What a question finds for a viewer at this moment, as refs.

Invariant: only what `find` shows this viewer counts, and only what holds all of the words: hits
that hold some of them are help for a reader and no news. Of a very broad question the newest
`REACH` results are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from coalitions.access import Viewer
from search.engines.base import Hit
from search.indexed import ref_of
from search.saved.question import Question
from search.service import MAX_SIZE, Found, Shown, find
from search.showing import Asked, show

REACH: Final = 1_000


def present_refs(viewer: Viewer, question: Question) -> list[str]:
    """The refs that the question finds now, at most `REACH`. Raises SearchUnavailable."""
    first = _ask(viewer, question, "relevance", 1)
    if first.results.relaxed:
        exact = {hit.ref for hit in first.results.hits[: first.results.exact]}
        return [ref for ref in _refs(first) if ref in exact]
    if first.results.pages == 1:
        return list(_refs(first))
    found: dict[str, None] = {}
    for page in range(1, REACH // MAX_SIZE + 1):
        answer = _ask(viewer, question, "date", page)
        found |= dict.fromkeys(_refs(answer))
        if page >= answer.results.pages:
            break
    return list(found)


def _ask(viewer: Viewer, question: Question, sort: str, page: int) -> Found:
    return find(
        viewer,
        question.text,
        filters=question.filters,
        sort="date" if sort == "date" else "relevance",
        page=page,
        size=MAX_SIZE,
        concepts=question.concepts,
    )


def _refs(found: Found) -> Iterator[str]:
    return (ref_of_shown(item) for item in found.items)


def ref_of_shown(item: Shown) -> str:
    """The ref of a result."""
    return ref_of(item.kind, item.uuid, item.language if item.kind == "article" else "")


def seen_now(viewer: Viewer, refs: Iterable[str]) -> dict[str, Shown]:
    """Those of the refs that the viewer may see at this moment, in their order."""
    wanted = list(dict.fromkeys(refs))
    seen: dict[str, Shown] = {}
    for start in range(0, len(wanted), MAX_SIZE):
        hits = [Hit(ref) for ref in wanted[start : start + MAX_SIZE]]
        seen |= {ref_of_shown(item): item for item in show(hits, Asked(viewer, "", ()))}
    return seen
