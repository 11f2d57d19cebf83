"""A concept's names as words: what of a name says something, and what it is recognised by.

Invariant: pure; what a name is recognised by changes nothing of what is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import islice, product
from typing import Final

from coalitions.language import (
    PLAIN,
    analyse,
    is_light,
    language_code,
    stem_readings,
    without_article,
)
from search.engines.base import Tokens

# Forms of one word differ by so many letters; "nacional" and "nacionalidad" share a stem by chance.
_FORMS: Final = {"ar": 3}
_FORM: Final = 2
# Words that can be read in several ways: a name is recognised by so many rows of them.
_MOST_ROWS: Final = 16

_CUT: Final = re.compile(r"[\s/|,،;؛:()\[\]&+*\"“”«»]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A name of a concept, analysed in its own language.

    `words`: token sequences of the words that say something; `tokens`: the same in one row.
    """

    code: str
    language: str
    text: str
    preferred: bool
    words: tuple[Tokens, ...]
    folded: tuple[str, ...]

    @property
    def tokens(self) -> Tokens:
        """What is looked for, in one row."""
        return tuple(token for word in self.words for token in word)

    @property
    def keys(self) -> tuple[Tokens, ...]:
        """The rows of tokens of which one has to stand in a query for it to be recognised."""
        words = [
            # In a name, what looks like an article is one.
            readings(word, self.language)[: 1 if _has_article(word) else None]
            for word in _CUT.split(self.text)
        ]
        if all(len(rows) == 1 for rows in words):
            return (self.tokens,)
        none: Tokens = ()
        read = (reduce(longer, row, none) for row in islice(product(*words), _MOST_ROWS))
        return tuple(dict.fromkeys((self.tokens, *read)))

    def may_be(self, typed: tuple[str, ...]) -> bool:
        """Whether a lone word may be an inflection of it, and does not merely have its stem."""
        if len(typed) > 1 or len(self.folded) > 1:
            return True
        code = language_code(self.language)
        one, other = (without_article(words[0]) for words in (typed, self.folded))
        return abs(len(one) - len(other)) <= _FORMS.get(code, _FORM)


def _has_article(word: str) -> bool:
    return any(without_article(folded) != folded for folded in analyse(word, PLAIN))


def _telling(word: str, code: str) -> list[tuple[str, str]]:
    """The tokens of a word that say something, each with what it is folded."""
    known = (code,) if code else ()
    pairs = zip(analyse(word, PLAIN), analyse(word, code), strict=True)
    return [(folded, token) for folded, token in pairs if not is_light(folded, known)]


@lru_cache(maxsize=16_384)
def content_words(text: str, language: str) -> tuple[Tokens, ...]:
    """The words of a text that say something, each as the tokens its language makes of it.

    Forms of a word side by side count once: "niñas y niños" is what "niños" is.
    """
    code = language_code(language)
    words: list[Tokens] = []
    for word in _CUT.split(text):
        tokens = tuple(token for _, token in _telling(word, code))
        if tokens and tokens != (words or [()])[-1]:
            words.append(tokens)
    return tuple(words)


@lru_cache(maxsize=16_384)
def readings(word: str, language: str) -> tuple[Tokens, ...]:
    """The rows of tokens that a word may be read as, the usual one first; one is always there."""
    code = language_code(language)
    usual = tuple(token for tokens in content_words(word, code) for token in tokens)
    folded = [folded for part in _CUT.split(word) for folded, _ in _telling(part, code)]
    others = product(*(stem_readings(one, code) for one in folded))
    if len(folded) != len(usual):
        return (usual,)
    return tuple(dict.fromkeys((usual, *islice(others, _MOST_ROWS))))


def longer(row: Tokens, word: Tokens) -> Tokens:
    """The row with a word more, unless it is the same as the last."""
    return row if word == row[len(row) - len(word) :] else row + word


def in_turn(labels: Sequence[Label]) -> list[Label]:
    """Labels that ask for different things: preferred ones first, then each language in turn."""
    seen: dict[tuple[str, str], set[Tokens]] = {}
    ranked = []
    for label in sorted(labels, key=lambda one: not one.preferred):
        before = seen.setdefault((label.code, label.language), set())
        if label.tokens not in before:
            ranked.append((len(before) if not label.preferred else -1, label))
            before.add(label.tokens)
    return [label for _, label in sorted(ranked, key=lambda one: one[0])]


# After an edit only the labels that are new are analysed.
@lru_cache(maxsize=16_384)
def label_of(code: str, language: str, text: str, preferred: bool) -> Label:
    """A row of the table, analysed."""
    words = content_words(text, language)
    return Label(code, language, text, preferred, words, tuple(analyse(text, PLAIN)))
