"""Concepts across languages: what was typed is also looked for under its other names.

Invariant: concepts only widen what the words alone would find; phrases and excluded words are
never widened. Labels are read again as soon as the table's stamp has changed, in every process.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from coalitions.language import PLAIN, analyse, is_light, language_code
from knowledge.models import ConceptLabel, ThesaurusStamp
from search.engines.base import Echo, Tokens

MAX_ECHOES: Final = 24
MAX_CONCEPTS: Final = 6
# Homonyms: so many concepts may answer to the same words.
MAX_SHARING: Final = 3
# Forms of one word differ by so many letters; "nacional" and "nacionalidad" share a stem by chance.
_FORMS: Final = {"ar": 3}
_FORM: Final = 2

_CUT: Final = re.compile(r"[\s/|,،;؛:()\[\]&+*\"“”«»]+")


@dataclass(frozen=True, slots=True)
class AlsoSearched:
    """A concept that was recognised: the words typed, and the (language, text) also searched."""

    code: str
    labels: tuple[tuple[str, str], ...]
    typed: str = ""


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
        """What has to stand in a query for the label to be recognised."""
        return tuple(token for word in self.words for token in word)


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word of a query, outside phrases and exclusions. `clause`: where it went to."""

    text: str
    clause: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """Echoes by clause, and what to tell the reader."""

    echoes: dict[int, tuple[Echo, ...]] = field(default_factory=dict)
    also: tuple[AlsoSearched, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    run: int
    start: int
    end: int
    label: Label
    exact: bool

    @property
    def rank(self) -> tuple[int, int, int, bool, bool]:
        wide = self.end - self.start
        return -wide, self.run, self.start, not self.exact, not self.label.preferred


def _closest(matches: Collection[_Match]) -> list[_Match]:
    """Of concepts that the same words may mean, those called exactly so, if there are any."""
    return [match for match in matches if match.exact] or list(matches)


def _is_form_of(typed: tuple[str, ...], label: Label, code: str) -> bool:
    """Whether a lone word may be an inflection of the label and not merely have its stem."""
    if len(typed) > 1 or len(label.folded) > 1:
        return True
    return abs(len(typed[0]) - len(label.folded[0])) <= _FORMS.get(code, _FORM)


@lru_cache(maxsize=16_384)
def content_words(text: str, language: str) -> tuple[Tokens, ...]:
    """The words of a text that say something, each as the tokens its language makes of it.

    Forms of a word side by side count once: "niñas y niños" is what "niños" is.
    """
    code = language_code(language)
    known = (code,) if code else ()
    words: list[Tokens] = []
    for word in _CUT.split(text):
        tokens = tuple(
            token
            for folded, token in zip(analyse(word, PLAIN), analyse(word, code), strict=True)
            if not is_light(folded, known)
        )
        if tokens and tokens != (words or [()])[-1]:
            words.append(tokens)
    return tuple(words)


def _in_turn(labels: Sequence[Label]) -> list[Label]:
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
def _label(code: str, language: str, text: str, preferred: bool) -> Label:
    words = content_words(text, language)
    return Label(code, language, text, preferred, words, tuple(analyse(text, PLAIN)))


class Thesaurus:
    """All concepts, ready to be recognised. Never changed once made."""

    def __init__(self, rows: Iterable[tuple[str, str, str, bool]]) -> None:
        labels = [label for row in rows if (label := _label(*row)).words]
        self.labels: dict[str, list[Label]] = {}
        self._by_tokens: dict[str, dict[Tokens, list[Label]]] = {}
        for label in _in_turn(labels):
            self.labels.setdefault(label.code, []).append(label)
        for label in labels:
            table = self._by_tokens.setdefault(language_code(label.language), {})
            table.setdefault(label.tokens, []).append(label)
        self._longest = max((len(label.tokens) for label in labels), default=0)
        self._heads = sorted(
            ((word, place) for place, label in enumerate(labels) for word in set(label.folded)),
        )
        self._listed = labels

    # Recognising --------------------------------------------------------------------------
    def expand(
        self, runs: Sequence[Sequence[TypedWord]], languages: Collection[str] | None = None
    ) -> Expansion:
        """What to look for besides these words. A concept never reaches over the end of a run.

        `languages`: only labels of these are looked for (the words typed may be in any).
        """
        spans = self._spans(runs)
        wanted: list[tuple[_Match, list[Label]]] = []
        for match in spans[:MAX_CONCEPTS]:
            words = runs[match.run][match.start : match.end]
            wanted.append((match, self._others(match.label.code, words, languages)))
        kept = _within_limits([labels for _, labels in wanted])
        echoes: dict[int, dict[Echo, None]] = {}
        also = []
        for (match, _), chosen in zip(wanted, kept, strict=True):
            if not chosen:
                continue
            words = runs[match.run][match.start : match.end]
            made = dict.fromkeys(Echo(label.words) for label in chosen)
            for word in words:
                echoes.setdefault(word.clause, {}).update(made)
            shown = dict.fromkeys((label.language, label.text) for label in chosen)
            typed = " ".join(word.text for word in words)
            also.append(AlsoSearched(match.label.code, tuple(shown), typed))
        return Expansion({clause: tuple(found) for clause, found in echoes.items()}, tuple(also))

    def _spans(self, runs: Sequence[Sequence[TypedWord]]) -> list[_Match]:
        """The longest matches that do not overlap, in the order they were typed."""
        found = [match for run, words in enumerate(runs) for match in self._matches(run, words)]
        taken: dict[tuple[int, int, int], dict[str, _Match]] = {}
        for match in sorted(found, key=lambda one: one.rank):
            place = (match.run, match.start, match.end)
            overlaps = any(
                run == match.run and start < match.end and match.start < end
                for run, start, end in taken
                if (run, start, end) != place
            )
            if not overlaps:
                taken.setdefault(place, {}).setdefault(match.label.code, match)
        chosen = (_closest(taken[place].values()) for place in sorted(taken))
        return [match for matches in chosen for match in matches[:MAX_SHARING]]

    def _matches(self, run: int, words: Sequence[TypedWord]) -> Iterable[_Match]:
        folded = [tuple(analyse(word.text, PLAIN)) for word in words]
        for code, table in self._by_tokens.items():
            row = [content_words(word.text, code) for word in words]
            tokens = [tuple(token for part in parts for token in part) for parts in row]
            for start, first in enumerate(tokens):
                if not first:
                    continue
                sequence: Tokens = ()
                for end in range(start, len(tokens)):
                    if tokens[end] != sequence[-len(tokens[end]) :]:
                        sequence += tokens[end]
                    if len(sequence) > self._longest:
                        break
                    typed = tuple(word for part in folded[start : end + 1] for word in part)
                    for label in table.get(sequence, ()) if tokens[end] else ():
                        if _is_form_of(typed, label, code):
                            yield _Match(run, start, end + 1, label, label.folded == typed)

    def _others(
        self, code: str, words: Sequence[TypedWord], languages: Collection[str] | None
    ) -> list[Label]:
        """The concept's labels, without those that would find nothing that the words do not."""
        asked: dict[str, set[str]] = {}
        others = []
        for label in self.labels[code]:
            if languages and label.language not in languages:
                continue
            if label.language not in asked:
                typed = (content_words(word.text, label.language) for word in words)
                asked[label.language] = {t for parts in typed for part in parts for t in part}
            if not asked[label.language] or not asked[label.language] <= set(label.tokens):
                others.append(label)
        return others

    # Suggesting ---------------------------------------------------------------------------
    def suggest(self, prefix: str, language: str, limit: int) -> list[tuple[str, str, str]]:
        """(label, language, code): one per concept, in this language where it has a fitting one.

        A label fits when its words hold all words typed, and one that begins with the last.
        """
        *before, last = analyse(prefix[:80], PLAIN) or [""]
        if not last or limit < 1:
            return []
        fitting = []
        for word, place in self._heads[bisect_left(self._heads, (last, -1)) :]:
            if not word.startswith(last):
                break
            label = self._listed[place]
            if set(before).issubset(label.folded):
                starts = " ".join(label.folded).startswith(" ".join((*before, last)))
                rank = (label.language != language, not starts, not label.preferred)
                fitting.append((*rank, len(label.text), label.text, label.language, label.code))
        best: dict[str, tuple[str, str, str]] = {}
        for *_, text, spoken, code in sorted(fitting):
            best.setdefault(code, (text, spoken, code))
            if len(best) == limit:
                break
        return list(best.values())


def _within_limits(wanted: Sequence[Sequence[Label]]) -> list[list[Label]]:
    """At most MAX_ECHOES: preferred labels of every concept, then alternatives in turn."""
    kept: list[list[Label]] = [[] for _ in wanted]
    left = MAX_ECHOES
    for preferred in (True, False):
        queues = [[label for label in labels if label.preferred is preferred] for labels in wanted]
        for turn in range(max(map(len, queues), default=0)):
            for place, queue in enumerate(queues):
                if turn < len(queue) and left:
                    kept[place].append(queue[turn])
                    left -= 1
    return kept


# What this process remembers --------------------------------------------------------------
_remembered: tuple[Any, Thesaurus] | None = None


def thesaurus() -> Thesaurus:
    """The concepts as they are now: one small query, and the whole table after an edit."""
    global _remembered
    # The stamp first: a table that is newer than its stamp is only read once more.
    stamp = ThesaurusStamp.current()
    held = _remembered
    if held is None or held[0] != stamp:
        rows = ConceptLabel.objects.order_by("concept__code", "language", "-preferred", "pk")
        held = (
            stamp,
            Thesaurus(rows.values_list("concept__code", "language", "text", "preferred")),
        )
        _remembered = held
    return held[1]


def suggest_labels(
    prefix: str, interface_language: str, limit: int = 5
) -> list[tuple[str, str, str]]:
    """(label, language, concept code) for the search box, this language's labels first."""
    return thesaurus().suggest(prefix, interface_language, limit)
