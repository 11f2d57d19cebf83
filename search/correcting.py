"""Did you mean: a question in which words that nothing holds are replaced by close ones.

Inside one document the words of that document alone are looked at.

Invariant: a word that only hidden things hold is treated like one that nothing holds, with the
same statements in the same number; a correction is told only when a search for it finds something
that this viewer may see.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from typing import Final

from coalitions.access import Viewer
from coalitions.language import fold
from search import engines
from search.asking import ask
from search.engines.base import Access, Clause, Query, SearchUnavailable, Term
from search.engines.embedded.spellings import closest
from search.query import Place, parse, places, word_term
from search.seeing import narrow
from search.withholding import access_of

SHORTEST: Final = 4
LONGEST: Final = 30
# So many words are looked at.
MOST_WORDS: Final = 6
# Fewer letters begin too many words.
LEAST_BEGINNING: Final = 3
# So many words of a document are tried for one of them.
MOST_TRIED: Final = 5
# Of a longer document no more words are looked through.
MOST_KNOWN: Final = 50_000
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
    words = _words(text, filters)
    if not words:
        return ""
    try:
        access = access_of(viewer)
        corrected = _corrected(text, words, filters, access)
        if not corrected:
            return ""
        narrowed = narrow(filters, viewer)
        query = replace(parse(corrected, filters=narrowed.filters).query, size=1)
        return corrected if ask(query, access).results.total else ""
    except SearchUnavailable:
        return ""


def _words(text: str, filters: Mapping[str, Collection[str]]) -> list[Place]:
    return [
        place
        for place in places(text, filters)
        if place.word.isalpha() and SHORTEST <= len(place.word) <= LONGEST
    ][:MOST_WORDS]


def _corrected(
    text: str, words: list[Place], filters: Mapping[str, Collection[str]], access: Access
) -> str:
    embedded = engines.embedded()
    maybe = _maybe(words, filters, access)
    there = embedded.present([place.term for place in maybe], access)
    right = {place for number, place in enumerate(maybe) if number in there}
    wrong = [place for place in words if place not in right]
    offered = [
        (place, word, term)
        for place in wrong
        for word in embedded.spellings(fold(place.word), access)
        if (term := word_term(word, filters)) is not None
    ]
    held = embedded.present([term for _, _, term in offered], access)
    best: dict[Place, str] = {}
    for number, (place, word, _) in enumerate(offered):
        if number in held:
            best.setdefault(place, word)
    return _replaced(text, best)


def _replaced(text: str, best: Mapping[Place, str]) -> str:
    for place in sorted(best, reverse=True, key=lambda place: place.start):
        text = f"{text[: place.start]}{best[place]}{text[place.end :]}"
    return text if best else ""


def _maybe(
    words: list[Place], filters: Mapping[str, Collection[str]], access: Access
) -> list[Place]:
    """Those that may stand in what is visible: a form of each stood there, by the labels' words.

    Nothing else is looked for in the text, where pages that are hidden would be skipped one by
    one, and the more of them the longer.
    """
    starts = [_beginning(place) for place in words]
    return [
        place
        for place, begun in zip(words, engines.embedded().begun(starts, access), strict=True)
        if any(_same(place, word, filters) for word in begun)
    ]


def _beginning(place: Place) -> str:
    """What the forms of a word begin with; all of it where they have too little in common."""
    word = fold(place.word)
    stems = (sequence[0] for sequence in place.term.sequences if len(sequence) == 1)
    alike = [
        sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False)))
        for stem in stems
    ]
    length = min(alike, default=len(word))
    return word[:length] if length >= LEAST_BEGINNING else word


def _same(place: Place, word: str, filters: Mapping[str, Collection[str]]) -> bool:
    if word == fold(place.word):
        return True
    term = word_term(word, filters)
    return term is not None and not set(term.sequences).isdisjoint(place.term.sequences)


# Inside one document --------------------------------------------------------------------------
def correct_within(viewer: Viewer, ref: str, text: str) -> str:
    """The question as it may have been meant for this record; empty where that finds no page."""
    try:
        access = access_of(viewer)
        with _on_the_beat():
            corrected = _corrected_within(ref, text, access)
            found = corrected and _holds(ref, parse(corrected).query, access)
    except SearchUnavailable:
        return ""
    return corrected if found else ""


def _holds(ref: str, query: Query, access: Access) -> bool:
    return bool(engines.embedded().pages_within(ref, query, access, 1))


def _corrected_within(ref: str, text: str, access: Access) -> str:
    def stands(term: Term) -> bool:
        return _holds(ref, Query(clauses=(Clause((term,)),)), access)

    wrong = [place for place in _words(text, {}) if not stands(place.term)]
    known = engines.embedded().words_within(ref, access)[:MOST_KNOWN] if wrong else []
    best: dict[Place, str] = {}
    for place in wrong:
        for word in closest(fold(place.word), known)[:MOST_TRIED]:
            term = word_term(word, {})
            if term is not None and stands(term):
                best[place] = word
                break
    return _replaced(text, best)
