"""Concepts across languages: what was typed is also looked for under its other names.

Invariant: concepts only widen what the words alone would find; phrases and excluded words are
never widened. Labels are read again as soon as the table's stamp has changed, in every process.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from coalitions.language import PLAIN, analyse, language_code
from knowledge.models import ConceptLabel, ThesaurusStamp
from search.engines.base import Echo, Tokens
from search.labels import Label, content_words, in_turn, label_of, longer, readings

MAX_ECHOES: Final = 24
MAX_CONCEPTS: Final = 6
# Homonyms: so many concepts may answer to the same words.
MAX_SHARING: Final = 3


@dataclass(frozen=True, slots=True)
class AlsoSearched:
    """A concept that was recognised: the words typed, and the (language, text) also searched."""

    code: str
    labels: tuple[tuple[str, str], ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class TypedWord:
    """A word of a query, outside phrases and exclusions. `clause`: where it went to."""

    text: str
    clause: int


@dataclass(frozen=True, slots=True)
class Expansion:
    """Echoes by clause, the languages of their words, and what to tell the reader."""

    echoes: dict[int, tuple[Echo, ...]] = field(default_factory=dict)
    also: tuple[AlsoSearched, ...] = ()
    spoken: dict[Tokens, set[str]] = field(default_factory=dict)


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


class Thesaurus:
    """All concepts, ready to be recognised. Never changed once made."""

    def __init__(self, rows: Iterable[tuple[str, str, str, bool]]) -> None:
        labels = [label for row in rows if (label := label_of(*row)).words]
        self.labels: dict[str, list[Label]] = {}
        self._by_key: dict[str, dict[Tokens, list[Label]]] = {}
        for label in in_turn(labels):
            self.labels.setdefault(label.code, []).append(label)
        for label in labels:
            table = self._by_key.setdefault(language_code(label.language), {})
            for key in label.keys:
                table.setdefault(key, []).append(label)
        # With what each may begin: nothing else is worth reading on.
        self._begun = {
            code: {key[:size] for key in table for size in range(len(key) + 1)}
            for code, table in self._by_key.items()
        }
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
        spoken: dict[Tokens, set[str]] = {}
        also = []
        for (match, _), chosen in zip(wanted, kept, strict=True):
            if not chosen:
                continue
            words = runs[match.run][match.start : match.end]
            made = dict.fromkeys(Echo(label.words) for label in chosen)
            for word in words:
                echoes.setdefault(word.clause, {}).update(made)
            for label in chosen:
                for sequence in label.words:
                    spoken.setdefault(sequence, set()).add(label.language)
            shown = dict.fromkeys((label.language, label.text) for label in chosen)
            typed = " ".join(word.text for word in words)
            also.append(AlsoSearched(match.label.code, tuple(shown), typed))
        made_by = {clause: tuple(found) for clause, found in echoes.items()}
        return Expansion(made_by, tuple(also), spoken)

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
        for code, table in self._by_key.items():
            read, begun = [readings(word.text, code) for word in words], self._begun[code]
            for start, first in enumerate(read):
                rows: list[Tokens] = [()] if any(first) else []
                for end in range(start, len(read)):
                    more = (longer(row, word) for row in rows for word in read[end])
                    rows = [row for row in dict.fromkeys(more) if row in begun]
                    if not rows:
                        break
                    typed = tuple(word for part in folded[start : end + 1] for word in part)
                    found = (label for row in rows for label in table.get(row, ()))
                    for label in found if any(read[end]) else ():
                        if label.may_be(typed):
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
