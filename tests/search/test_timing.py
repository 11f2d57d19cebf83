"""Time tells nothing: a word of hidden records takes as long as one that stands nowhere.

2,000 interleaved pairs, in an order of chance, for suggestions and for corrections. A classifier
that knows nothing but the time must do no better than a coin.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import RequestFactory

from coalitions.access import PUBLIC, Viewer, organisation_label
from coalitions.language import ANALYSER_VERSION
from search.correcting import correct
from search.engines.embedded import EmbeddedEngine
from search.engines.index_docs import IndexDoc, IndexPage
from search.suggesting import suggest

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
PAIRS, WARM_UP = 2_000, 100
MOST = 0.55
MANY_DOCUMENTS, MANY_PAGES, REPEATED = 100, 20, 100
TITLE_WORDS, HIDDEN, SHOWN = 8, 300, 100
OWN, OTHER = organisation_label(UUID(int=1)), organisation_label(UUID(int=2))
VIEWER = Viewer(labels=frozenset((PUBLIC, "network", OWN)))
LETTERS = "bcdfgklmnprstvz", "aeiou"


def invented(chance: random.Random) -> Iterator[str]:
    """Words of one shape, each once."""
    seen: set[str] = set()
    while True:
        word = "".join(chance.choice(LETTERS[n % 2]) for n in range(9))
        if word not in seen:
            seen.add(word)
            yield word


def record(number: int, words: Sequence[str], labels: Sequence[str]) -> IndexDoc:
    """A record with these words in its title and text. They are not analysed here: a process
    that answers has not read what is hidden either.
    """
    return IndexDoc(
        ref=f"document:00000000-0000-4000-8000-{number:012d}",
        locale="en",
        family=str(number),
        version=1,
        analyser=ANALYSER_VERSION,
        labels=frozenset(labels),
        facets={},
        date=datetime(2026, 1, 1, tzinfo=UTC),
        title=list(words),
        pages=[IndexPage(1, list(words))],
        heads=tuple(words),
        vocabulary=frozenset(words),
    )


def area_under_curve(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How likely one of `higher` is above one of `lower`; ties count half."""
    ordered = sorted(lower)
    won = sum(bisect_left(ordered, t) + bisect_right(ordered, t) for t in higher)
    return won / (2 * len(higher) * len(lower))


def times(
    ask: Callable[[str], object], pairs: Sequence[tuple[str, str]], chance: random.Random
) -> tuple[list[float], list[float]]:
    """Seconds of each word of the pairs, either one first by chance."""
    taken: tuple[list[float], list[float]] = ([], [])
    gc.disable()
    try:
        for pair in pairs:
            for which in chance.sample((0, 1), 2):
                started = time.perf_counter()
                ask(pair[which])
                taken[which].append(time.perf_counter() - started)
    finally:
        gc.enable()
    return taken


def test_a_classifier_by_time_is_a_coin() -> None:
    chance = random.Random(4)
    words = invented(chance)
    hidden = [[next(words) for _ in range(TITLE_WORDS)] for _ in range(HIDDEN)]
    shown = [[next(words) for _ in range(TITLE_WORDS)] for _ in range(SHOWN)]
    docs = [record(n, title, [OTHER]) for n, title in enumerate(hidden)]
    docs += [record(n, title, [OWN]) for n, title in enumerate(shown, HIDDEN)]
    # Each is written under many titles, so that there would be something to be slow about.
    docs += [record(n + 1_000, title, [OTHER]) for n, title in enumerate(hidden)]
    EmbeddedEngine().index(docs)

    there = chance.sample([word for title in hidden for word in title], PAIRS + WARM_UP)
    pairs = [(word, next(words)) for word in there]
    asked: dict[str, Callable[[str], object]] = {
        "suggestions": lambda word: suggest(VIEWER, word[:-2], request),
        "corrections": lambda word: correct(VIEWER, f"{word[:4]}{word[5:]}", {}),
        "corrections of the word itself": lambda word: correct(VIEWER, word, {}),
    }
    request = RequestFactory().get("/")
    found = {}
    for name, ask in asked.items():
        times(ask, pairs[:WARM_UP], chance)
        found[name] = area_under_curve(*times(ask, pairs[WARM_UP:], chance))
        sys.stdout.write(f"\n{name}: AUC {found[name]:.3f}")
    assert {name: auc for name, auc in found.items() if not 1 - MOST <= auc <= MOST} == {}


def test_many_pages_that_are_hidden_take_no_time() -> None:
    chance = random.Random(5)
    words = invented(chance)
    pairs = [(next(words), next(words)) for _ in range(6)]
    text = [word for word, _ in pairs]
    pages = [IndexPage(number, text) for number in range(1, MANY_PAGES + 1)]
    docs = [replace(record(n, text, [OTHER]), pages=pages) for n in range(MANY_DOCUMENTS)]
    docs += [record(n, [next(words)], [OWN]) for n in range(MANY_DOCUMENTS, MANY_DOCUMENTS + 20)]
    EmbeddedEngine().index(docs)
    found = {}
    for name, ask in {
        "the word itself": lambda word: correct(VIEWER, word, {}),
        "a word like it": lambda word: correct(VIEWER, f"{word[:4]}{word[5:]}", {}),
    }.items():
        times(ask, pairs * 5, chance)
        found[name] = area_under_curve(*times(ask, pairs * REPEATED, chance))
        sys.stdout.write(f"\n{name}, on many pages: AUC {found[name]:.3f}")
    assert {name: auc for name, auc in found.items() if not 1 - MOST <= auc <= MOST} == {}


def test_a_slow_answer_would_be_noticed() -> None:
    chance = random.Random(4)
    pairs = [("hidden", "nowhere")] * 50
    slow = times(lambda word: time.sleep(0.001 * (word == "hidden")), pairs, chance)
    assert area_under_curve(*reversed(slow)) < 0.1
    assert area_under_curve(*slow) > 0.9
    assert area_under_curve([1, 2], [1, 2]) == 0.5
