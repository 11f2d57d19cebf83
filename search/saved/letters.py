"""What a mail may say of an alert, decided at the moment at which it is sent.

Invariant: only what a stranger may read is named. Of the rest a number is told, and only as far as
the person may see it at this moment; neither the name nor a word of the search is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from coalitions.access import STRANGER
from coalitions.network.viewers import viewer_for
from search.models import SavedSearch, SavedSearchFind, SearchAlert
from search.saved.present import seen_now
from search.service import Shown

MOST_TITLES: Final = 10
LONGEST_TITLE: Final = 200
# Characters that turn the direction of what follows: in a mail they could disguise an address.
_TURNING: Final = frozenset("‪‫‬‭‮⁦⁧⁨⁩\ufffe\uffff")


@dataclass(frozen=True, slots=True)
class Named:
    """Something public: its title on one line, and its address without the host."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is new in one search: `total` things, of which `named` are public."""

    number: int
    uuid: UUID
    total: int
    named: tuple[Named, ...]

    @property
    def unnamed(self) -> int:
        """How many of them are not named."""
        return self.total - len(self.named)


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom, and what."""

    person: Any
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """How many results are told of; one that two searches found counts twice."""
        return sum(part.total for part in self.parts)


def letter_of(alert: SearchAlert) -> Letter | None:
    """What to tell now; None where nothing is left to tell, or nobody to tell it to."""
    person = alert.person
    if not person.is_active:
        return None
    by_search: dict[SavedSearch, list[str]] = {}
    # Whoever wants no mail any more gets none, also none that was owed before.
    finds = SavedSearchFind.objects.filter(alert=alert).exclude(
        saved_search__frequency=SavedSearch.Frequency.NEVER
    )
    for find in finds.select_related("saved_search").order_by("saved_search__number", "-pk"):
        by_search.setdefault(find.saved_search, []).append(find.ref)
    refs = [ref for some in by_search.values() for ref in some]
    seen = seen_now(viewer_for(person), refs)
    public = seen_now(STRANGER, seen)
    parts = (_part(saved, some, set(seen), public) for saved, some in by_search.items())
    told = tuple(part for part in parts if part.total)
    return Letter(person, told) if told else None


def _part(
    saved: SavedSearch, refs: Iterable[str], seen: set[str], public: dict[str, Shown]
) -> Part:
    told = [ref for ref in refs if ref in seen]
    named = [public[ref] for ref in told if ref in public][:MOST_TITLES]
    return Part(
        number=saved.number,
        uuid=saved.uuid,
        total=len(told),
        named=tuple(Named(one_line(item.title), item.url) for item in named),
    )


def one_line(title: str) -> str:
    """A title as a mail or a feed can carry it."""
    kept = (
        " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char
        for char in title
        if char not in _TURNING
    )
    return " ".join("".join(kept).split())[:LONGEST_TITLE]
