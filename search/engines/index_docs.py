"""What engines are given to hold, and what they tell of it.

Invariant: tokens, labels and identifiers; never text or titles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coalitions.access import rung_of_labels


def title_key(tokens: Sequence[str]) -> str:
    """A short digest of a whole title's tokens, to tell that a query is exactly a title."""
    return hashlib.blake2b(" ".join(tokens).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A page's tokens. `number` is what a reader calls it; 0 where there are no pages."""

    number: int
    body: Sequence[str]
    parts: Sequence[str] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class IndexDoc:
    """One record in one language, ready for any engine.

    `version` rises with every change, and a late write with a lower one is refused. `family`
    joins the translations of one thing. `facets` maps a facet's name to its values. `fingerprint`
    is the same as long as everything but the labels is. From `until` on nobody finds it.
    `title_keys`: a key for each of its titles. `heads`: the words of its titles, folded and not
    stemmed, for suggestions. `vocabulary`: the folded words of its text, for corrections.
    """

    ref: str
    locale: str
    family: str
    version: int
    analyser: int
    labels: frozenset[str]
    facets: Mapping[str, tuple[str, ...]]
    date: datetime | None
    title: Sequence[str]
    pages: Sequence[IndexPage]
    fingerprint: str = ""
    until: datetime | None = None
    title_keys: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    vocabulary: frozenset[str] = frozenset()


def narrowing(
    facets: Mapping[str, tuple[str, ...]], labels: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """The facets of a record as engines hold them: its own, and the audience its labels give."""
    rung = rung_of_labels(labels)
    return {**facets, "audience": (str(rung),)} if rung is not None else dict(facets)


@dataclass(frozen=True, slots=True)
class Held:
    """What an engine knows of a record, for planning and reconciling."""

    version: int
    analyser: int
    fingerprint: str
    labels: frozenset[str]
