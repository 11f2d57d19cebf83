"""From hits to what a reader sees: the last check, titles, places, snippets.

Invariant: every hit is fetched with `visible_to` before a word of it is read; what is not
there is dropped. The number of queries does not grow with the number of hits.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.base import Hit
from search.indexed import Ref, parse_ref
from search.showing.articles import show_articles
from search.showing.documents import show_documents
from search.showing.organisations import show_organisations
from search.showing.things import Asked, PageShown, Shown, asked_by, page_shown, typed

__all__ = ["Asked", "PageShown", "Shown", "asked_by", "page_shown", "show", "typed"]

_LOADERS = {
    "document": show_documents,
    "article": show_articles,
    "organisation": show_organisations,
}


def show(hits: Sequence[Hit], asked: Asked) -> list[Shown]:
    """The hits that the viewer may still see, in their order."""
    by_ref = {hit.ref: hit for hit in hits}
    by_kind: dict[str, dict[str, Ref]] = {}
    for ref in by_ref:
        parts = parse_ref(ref)
        by_kind.setdefault(parts.kind, {})[ref] = parts
    found: dict[str, Shown] = {}
    for kind, loader in _LOADERS.items():
        if kind in by_kind:
            found |= loader(by_kind[kind], by_ref, asked)
    return [found[hit.ref] for hit in hits if hit.ref in found]
