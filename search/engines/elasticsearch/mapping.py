"""What an index looks like, and a record as it is written there.

Invariant: the mapping is strict, so that nothing is stored by accident; there are tokens and
identifiers in it, no text. Every record has at least one page, on which its title stands too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from elasticsearch import dsl

from search.engines.base import FACETS, MAX_OFFSET, MAX_PAGES
from search.engines.index_docs import IndexDoc, narrowing

# A phrase may run over the end of a page: its last words and the next one's first stand together
# in the seam.
SEAM_BEFORE, SEAM_AFTER = 16, 8

SETTINGS: Final[Mapping[str, Any]] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",
    "max_result_window": MAX_OFFSET,
    # What was deleted is remembered with its version for this long: far above the time between a
    # worker's reading of the database and its writing here.
    "gc_deletes": "24h",
    "mapping": {"nested_objects": {"limit": MAX_PAGES}},
    # Fields are weighed before they saturate, the text twofold: this is the usual 1.2 and a little.
    "similarity": {"default": {"type": "BM25", "k1": 3.3, "b": 0.75}},
    # Deleted records count in the statistics of words until they are merged away.
    "merge": {"policy": {"expunge_deletes_allowed": 0, "deletes_pct_allowed": 10}},
}


def _tokens(**options: Any) -> dsl.Text:
    return dsl.Text(analyzer="whitespace", **options)


def mapping() -> dict[str, Any]:
    """The strict mapping of both indices."""
    found = dsl.Mapping()
    found.meta("dynamic", "strict")
    for name in ("ref", "locale", "family", "labels", "fingerprint"):
        found.field(name, dsl.Keyword(store=name in ("labels", "fingerprint")))
    found.field("analyser", dsl.Integer(store=True))
    found.field("date", dsl.Date())
    found.field("until", dsl.Date())
    found.field("titles", dsl.Keyword(doc_values=False))
    found.field("facets", dsl.Object(properties={name: dsl.Keyword() for name in FACETS}))
    found.field(
        "pages",
        dsl.Nested(
            properties={
                "n": dsl.Integer(index=False),
                "title": _tokens(),
                "body": _tokens(),
                "seam": _tokens(norms=False),
                "parts": _tokens(index_options="freqs"),
            }
        ),
    )
    return found.to_dict()


def _pages(doc: IndexDoc) -> list[dict[str, Any]]:
    title = " ".join(doc.title)
    pages = list(doc.pages)[:MAX_PAGES]
    found = []
    for place, page in enumerate(pages):
        row: dict[str, Any] = {"n": page.number, "title": title, "body": " ".join(page.body)}
        if page.parts:
            row["parts"] = " ".join(page.parts)
        if place + 1 < len(pages):
            after = pages[place + 1].body[:SEAM_AFTER]
            row["seam"] = " ".join((*page.body[-SEAM_BEFORE:], *after))
        found.append(row)
    return found or [{"n": 0, "title": title}]


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def audience(facets: Mapping[str, tuple[str, ...]], labels: frozenset[str]) -> dict[str, list[str]]:
    """The facets as they are written, with the audience that these labels give."""
    return {
        name: sorted(set(values))
        for name, values in narrowing(facets, labels).items()
        if name in FACETS
    }


def source(doc: IndexDoc) -> dict[str, Any]:
    """A record as it is written."""
    return {
        "ref": doc.ref,
        "locale": doc.locale,
        "family": doc.family,
        "analyser": doc.analyser,
        "fingerprint": doc.fingerprint,
        "labels": sorted(doc.labels),
        "facets": audience(doc.facets, doc.labels),
        "date": _instant(doc.date),
        "until": _instant(doc.until),
        "titles": list(doc.title_keys),
        "pages": _pages(doc),
    }
