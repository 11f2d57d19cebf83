"""Text to tokens, once, for every engine, and back to places in the text.

Invariant: what is done to a document's text is done to the words of a query, in each
language asked; a token's span always lies inside the text it came from. Tokens hold letters,
digits and the marks of scripts that need them, at most 64 of them, never white space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from coalitions.language.characters import (
    APOSTROPHES,
    UNSPACED,
    UNSPACED_RUN,
    WORD,
    fold,
    words_of_folded,
)
from coalitions.language.compounds import MIN_WORD, compound_parts, splits
from coalitions.language.stems import LANGUAGES, MAX_TOKEN, PLAIN, language_code, stem

# Raise when any token of any text may come out differently: every index must then be rebuilt.
ANALYSER_VERSION: Final = 4

# fmt: off
_ELIDED: Final = frozenset((
    "l", "d", "j", "m", "t", "s", "c", "n", "qu", "lorsqu", "puisqu", "quoiqu", "quelqu",
    "jusqu", "presqu", "dell", "all", "nell", "sull", "un",
))
# fmt: on
_TO_APOSTROPHE: Final = {ord(c): "'" for c in APOSTROPHES}


class Token(NamedTuple):
    """A token and the half-open span of the text that it stands for."""

    text: str
    start: int
    end: int


def _without_clitics(word: str) -> list[str]:
    """l'enfant → enfant, children's and foto's → children and foto; else both halves."""
    parts = word.split("'")
    if len(parts) > 1 and parts[-1] == "s":
        parts.pop()
    if len(parts) > 1 and parts[0] in _ELIDED:
        parts.pop(0)
    return [part for part in parts if part]


@lru_cache(maxsize=262_144)
def _word_tokens(word: str, language: str) -> tuple[str, ...]:
    tokens: list[str] = []
    for piece in words_of_folded(fold(word.translate(_TO_APOSTROPHE))):
        for part in _without_clitics(piece):
            if UNSPACED.search(part):
                tokens += (pair for pair, _, _ in _pairs(part, 0))
            else:
                tokens.append(stem(part, language))
    return tuple(tokens)


@lru_cache(maxsize=262_144)
def word_parts(word: str, language: str) -> tuple[str, ...]:
    """The parts of one match of WORD, in a language whose compounds are cut."""
    if not MIN_WORD <= len(word) <= MAX_TOKEN:
        return ()
    return tuple(
        found
        for piece in words_of_folded(fold(word.translate(_TO_APOSTROPHE)))
        for part in _without_clitics(piece)
        for found in compound_parts(part, language)
    )


def _pairs(run: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """Overlapping pairs of the characters of a run that is written without spaces."""
    chars = [
        (folded, offset + i, offset + i + 1)
        for i, char in enumerate(run)
        if (folded := fold(char)) and not folded.isspace()
    ]
    if len(chars) == 1:
        yield chars[0]
    for (left, start, _), (right, _, end) in pairwise(chars):
        yield left + right, start, end


def tokens_with_spans(text: str, language: str | None = PLAIN) -> Iterator[Token]:
    """The tokens of a text in order, each with its place in the text."""
    code = language_code(language)
    for match in WORD.finditer(text):
        yield from word_with_spans(match.group(), match.start(), code)


def word_with_spans(word: str, start: int, code: str) -> Iterator[Token]:
    """The tokens of one match of WORD that begins at `start` of a text."""
    if not word.isascii() and UNSPACED.search(word):
        yield from _mixed(word, start, code)
        return
    end = start + len(word)
    for token in _word_tokens(word[: 4 * MAX_TOKEN], code):
        yield Token(token, start, end)


def _mixed(word: str, offset: int, code: str) -> Iterator[Token]:
    """A run that holds characters of scripts without spaces, perhaps beside others."""
    position = 0
    for run in UNSPACED_RUN.finditer(word):
        yield from _between(word[position : run.start()], offset + position, code)
        for pair, start, end in _pairs(run.group(), offset + run.start()):
            yield Token(pair, start, end)
        position = run.end()
    yield from _between(word[position:], offset + position, code)


def _between(part: str, offset: int, code: str) -> Iterator[Token]:
    for token in _word_tokens(part[: 4 * MAX_TOKEN], code) if part else ():
        yield Token(token, offset, offset + len(part))


def parts_with_spans(text: str, language: str | None = PLAIN) -> Iterator[Token]:
    """The parts of the compounds in a text, each with the place of its whole word."""
    code = language_code(language)
    if not splits(code):
        return
    for match in WORD.finditer(text):
        for part in word_parts(match.group(), code):
            yield Token(part, match.start(), match.end())


def parts_of(text: str, language: str | None = PLAIN) -> list[str]:
    """The parts of the compounds in a text, in its order; none in languages that are not cut."""
    return [part.text for part in parts_with_spans(text, language)]


def analyse_with_parts(
    text: str, language: str | None = PLAIN
) -> tuple[list[str], list[tuple[int, str]]]:
    """The tokens of a text, and the parts of its compounds, each with its token's place."""
    code = language_code(language)
    tokens: list[str] = []
    parts: list[tuple[int, str]] = []
    cuts = splits(code)
    for word in WORD.findall(text):
        if cuts and (found := word_parts(word, code)):
            place = len(tokens)
            parts += [(place, part) for part in found]
        tokens += word_tokens(word, code)
    return tokens, parts


def word_tokens(word: str, code: str) -> Iterable[str]:
    """The tokens of one match of WORD; `code` as `language_code` gives it."""
    if word.isascii() or not UNSPACED.search(word):
        return _word_tokens(word[: 4 * MAX_TOKEN], code)
    return [token.text for token in _mixed(word, 0, code)]


def analyse(text: str, language: str | None = PLAIN) -> list[str]:
    """The tokens of a text in its language ("" or unknown: folded, not stemmed)."""
    code = language_code(language)
    return [token for word in WORD.findall(text) for token in word_tokens(word, code)]


def analyses(text: str, languages: Iterable[str] | None = None) -> tuple[tuple[str, ...], ...]:
    """The distinct token sequences that the text has in the languages asked, and plainly.

    None means every language. Used for the words and phrases of a query: a document in any
    of the languages is found by the sequence that its own language makes of them.
    """
    codes: Sequence[str] = LANGUAGES if languages is None else tuple(languages)
    found: dict[tuple[str, ...], None] = {}
    for code in (*codes, PLAIN):
        sequence = tuple(analyse(text, code))
        if sequence:
            found.setdefault(sequence)
    return tuple(found)
