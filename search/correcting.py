"""Did you mean: a question in which words that nothing holds are replaced by close ones.

Invariant: a word that only hidden things hold is treated like one that nothing holds, with the
same statements in the same number; a correction is told only when a search for it finds something
that this viewer may see.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from coalitions.access import Viewer
from coalitions.language import fold
from search import engines
from search.asking import ask
from search.engines.base import Access, SearchUnavailable
from search.query import Place, parse, places, word_term
from search.seeing import narrow

SHORTEST: Final = 4
LONGEST: Final = 30
# So many words are looked at, and so many close ones of each.
MOST_WORDS: Final = 6
MOST_CLOSE: Final = 5
# Seconds; far more than what words of hidden things cost.
BEAT: Final = 0.02


def correct(viewer: Viewer, text: str, filters: Mapping[str, Collection[str]]) -> str:
    """The question as it may have been meant; empty where there is none that finds something."""
    with _on_the_beat():
        return _correct(viewer, text, filters)


@contextmanager
def _on_the_beat() -> Iterator[None]:
    """End a whole number of `BEAT` after the beginning: rows of hidden words take time to skip."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(-(time.monotonic() - began) % BEAT)


def _correct(viewer: Viewer, text: str, filters: Mapping[str, Collection[str]]) -> str:
    access = Access.for_labels(viewer.labels)
    words = [
        place
        for place in places(text, filters)
        if place.word.isalpha() and SHORTEST <= len(place.word) <= LONGEST
    ][:MOST_WORDS]
    if not words:
        return ""
    try:
        corrected = _corrected(text, words, filters, access)
        if not corrected:
            return ""
        narrowed = narrow(filters, viewer)
        query = replace(parse(corrected, filters=narrowed.filters).query, size=1)
        return corrected if ask(query, access).results.total else ""
    except SearchUnavailable:
        return ""


def _corrected(
    text: str, words: list[Place], filters: Mapping[str, Collection[str]], access: Access
) -> str:
    embedded = engines.embedded()
    there = embedded.present([place.term for place in words], access)
    wrong = [place for number, place in enumerate(words) if number not in there]
    offered = [
        (place, word, term)
        for place in wrong
        for word in embedded.spellings(fold(place.word), access)[:MOST_CLOSE]
        if (term := word_term(word, filters)) is not None
    ]
    held = embedded.present([term for _, _, term in offered], access)
    best: dict[Place, str] = {}
    for number, (place, word, _) in enumerate(offered):
        if number in held:
            best.setdefault(place, word)
    for place in sorted(best, reverse=True, key=lambda place: place.start):
        text = f"{text[: place.start]}{best[place]}{text[place.end :]}"
    return text if best else ""
