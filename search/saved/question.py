"""What a saved search asks, read from an address and written back to one.

Invariant: whatever the address holds, the result is a question that can be stored, asked, and
compared with others; the same question is the same digest, in whatever order it was put.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from coalitions.language import clean
from search.engines.base import FACETS, Sort
from search.models import SavedSearch
from search.query import MAX_LENGTH
from search.service import MAX_VALUES

MAX_VALUE_LENGTH: Final = 80
# The parameter of the search page that takes the concepts out of a question, and what it says.
CONCEPTS: Final = "concepts"
OFF: Final = ("off", "0")


@dataclass(frozen=True, slots=True)
class Question:
    """Words, filters (values of each in alphabetical order), order, and whether concepts count."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    concepts: bool = True

    @property
    def empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not self.text and not self.filters

    @property
    def address(self) -> str:
        """The query string of the search page that asks this."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [("sort", "date")] if self.sort == "date" else []
        pairs += [] if self.concepts else [(CONCEPTS, OFF[0])]
        return urlencode(pairs)

    @property
    def digest(self) -> str:
        """The same for questions that find the same; the order of hits is left out."""
        asked = [self.text, sorted(self.filters.items()), self.concepts]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def read(parameters: QueryDict) -> Question:
    """Read the parameters of the search page; what cannot be asked is left out."""
    text = " ".join(clean(parameters.get("q", "")).split())[:MAX_LENGTH].strip()
    filters = {}
    for name in FACETS:
        given = parameters.getlist(name)[:MAX_VALUES]
        values = {v for v in given if 0 < len(v) <= MAX_VALUE_LENGTH and clean(v) == v}
        if values:
            filters[name] = tuple(sorted(values))
    return Question(
        text=text,
        filters=filters,
        sort="date" if parameters.get("sort") == "date" else "relevance",
        concepts=parameters.get(CONCEPTS) not in OFF,
    )


def question_of(saved: SavedSearch) -> Question:
    """What this saved search asks."""
    return Question(
        text=saved.text,
        filters={name: tuple(saved.filters[name]) for name in FACETS if saved.filters.get(name)},
        sort="date" if saved.sort == "date" else "relevance",
        concepts=saved.concepts,
    )
