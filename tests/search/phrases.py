"""A phrase of each file's own, chosen the same way every time, and where it stands.

Invariant: a chosen phrase is on one page of one file and nowhere else, also when case, accents
and punctuation are left out of account; it begins after the page's first words, which may
belong to the end of a sentence of the page before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from coalitions.documents.models import DocumentPage, DocumentVersion
from coalitions.language import fold
from coalitions.language.characters import UNSPACED_RUN, WORD

T = TypeVar("T")
LENGTHS = (7, 6, 5)
# Thai, Khmer and Chinese are written without spaces: so many characters instead of words.
UNSPACED_LENGTH = 12
FIRST_WORDS = 10
TRIES = 400


@dataclass(frozen=True)
class Phrase:
    """Words and the number of the page that holds them."""

    text: str
    page: int


def bare(text: str) -> str:
    """Return the folded words of `text`, one space between them, none around."""
    return " ".join(fold(word) for word in WORD.findall(text))


def own_phrases(versions: Sequence[DocumentVersion]) -> dict[int, Phrase]:
    """Return a phrase for every version that has one, by primary key."""
    pages = {version.pk: list(version.pages.order_by("number")) for version in versions}
    everything = "\n".join(bare(page.text) for each in pages.values() for page in each)
    found = {}
    for pk, its_pages in pages.items():
        for page, text in _candidates(its_pages):
            if everything.count(bare(text)) == 1:
                found[pk] = Phrase(text, page.number)
                break
    return found


def _candidates(pages: Sequence[DocumentPage]) -> Iterator[tuple[DocumentPage, str]]:
    """Yield phrases, those of the middle page and of the middle of a page first."""
    middle = (len(pages) - 1) / 2
    for page in sorted(pages, key=lambda page: (abs(page.number - 1 - middle), page.number)):
        runs = [run.group() for run in UNSPACED_RUN.finditer(page.text)]
        long = [run[:UNSPACED_LENGTH] for run in runs if len(run) >= UNSPACED_LENGTH]
        for text in [*_windows(page.text), *_from_middle(long)][:TRIES]:
            yield page, text


def _windows(text: str) -> Iterator[str]:
    words = text.split()
    for length in LENGTHS:
        starts = range(FIRST_WORDS, len(words) - length + 1)
        for start in _from_middle(starts):
            window = words[start : start + length]
            if all(_is_plain(word) for word in window) and says_something(window):
                yield " ".join(window)


def _is_plain(word: str) -> bool:
    return WORD.fullmatch(word) is not None and not re.search(r"[\d'’]", word)


def says_something(words: Sequence[str]) -> bool:
    """Whether half of the words are not short."""
    return sum(len(word) >= 4 for word in words) >= len(words) // 2


def _from_middle(items: Sequence[T]) -> Iterator[T]:
    half = len(items) // 2
    yield from items[half:]
    yield from items[:half]
