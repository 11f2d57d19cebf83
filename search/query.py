"""From what somebody typed to the tree that every engine understands.

Syntax: words, "phrases", -excluded, OR (see `pieces`). Invariant: any string whatever is a query;
what cannot be understood is read as words, and what is too long is cut and said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from coalitions.language import (
    LANGUAGES,
    analyse,
    analyses,
    clean,
    compound_stems,
    guess_language,
    language_code,
    light_words,
)
from coalitions.language.characters import WORD
from search.concepts import AlsoSearched, Expansion, Thesaurus, TypedWord
from search.engines.base import PAGE_SIZE, Clause, Echo, Query, Sort, Term, Tokens
from search.engines.index_docs import title_key
from search.pieces import PIECE, Piece, pieces_of, with_plain_quotes

MAX_LENGTH: Final = 400
MAX_TERMS: Final = 40
# What one question may cost a server: a word that becomes several tokens is asked for as a phrase,
# in every language that reads it in its own way. The first term is always asked for.
MAX_COST: Final = 160
MAX_ECHOES: Final = 64
# Neighbours stand at most so far apart, and so many of their sequences are asked for.
MAX_BETWEEN: Final = 3
MAX_PAIRS: Final = 24
MAX_PAIR_TOKENS: Final = 8
MAX_REMEMBERED: Final = 6


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query, whether something that was typed had to be left out, and concepts found in it.

    `spoken`: the languages of the words that the reader did not type.
    """

    query: Query
    shortened: bool = False
    also: tuple[AlsoSearched, ...] = ()
    spoken: Mapping[Tokens, Collection[str]] = field(default_factory=dict)


def _light(words: Iterable[str], languages: Collection[str] | None) -> frozenset[str]:
    """The mere function words among those that stand beside each other, folded."""
    folded = dict.fromkeys(folded for word in words for folded in analyse(word))
    return light_words(folded, LANGUAGES if languages is None else languages)


def _term(
    text: str, languages: Collection[str] | None, *, light: Collection[str] | None
) -> Term | None:
    """What is looked for; `light`: the function words beside it, None for a phrase."""
    sequences = analyses(text, languages)
    if not sequences:
        return None
    is_light = light is not None and all(word in light for word in analyse(text))
    return Term(sequences=sequences, phrase=light is None, light=is_light)


def cost(term: Term) -> int:
    """What a term costs: words are looked up together, phrases each for itself."""
    return sum(len(s) + (len(s) > 1) for s in term.sequences)


class Place(NamedTuple):
    """A word that is looked for: where it stands in the text, and what stands for it."""

    start: int
    end: int
    word: str
    term: Term


def word_term(word: str, filters: Mapping[str, Collection[str]]) -> Term | None:
    """What is looked for where somebody types this word beside these filters."""
    languages = _languages(filters)
    return _term(word, languages, light=_light((word,), languages))


def places(text: str, filters: Mapping[str, Collection[str]]) -> list[Place]:
    """The words of a search box that are looked for, with phrases taken apart."""
    found = []
    for piece in PIECE.finditer(with_plain_quotes(text[:MAX_LENGTH])):
        if piece["minus"] or piece["word"] == "OR":
            continue
        for match in WORD.finditer(text, piece.start(), piece.end()):
            term = word_term(match.group(), filters)
            if term is not None:
                found.append(Place(match.start(), match.end(), match.group(), term))
    return found[:MAX_TERMS]


def _languages(filters: Mapping[str, Collection[str]]) -> tuple[str, ...] | None:
    """The analyses to ask: those of the languages filtered by, or all."""
    chosen = filters.get("language")
    if not chosen:
        return None
    return tuple(dict.fromkeys(code for c in sorted(chosen) if (code := language_code(c))))


def _titles(pieces: Sequence[Piece], languages: Collection[str] | None) -> tuple[str, ...]:
    """Keys of the title that somebody may have typed or pasted: words alone, or one phrase."""
    if any(p.minus or p.joins or (p.phrase and len(pieces) > 1) for p in pieces):
        return ()
    whole = " ".join(p.text for p in pieces)
    return tuple(title_key(sequence) for sequence in analyses(whole, languages))


class _Cut(NamedTuple):
    """A compound in its parts: the clause that it went to, and the language that joins them."""

    clause: int
    echo: Echo
    language: str


def _spoken(expansion: Expansion, cut: Sequence[_Cut]) -> dict[Tokens, frozenset[str]]:
    """The languages of the words that echoes are made of."""
    found = {word: set(spoken) for word, spoken in expansion.spoken.items()}
    for _, echo, language in cut:
        for word in echo.words:
            found.setdefault(word, set()).add(language)
    return {word: frozenset(spoken) for word, spoken in found.items()}


@dataclass(slots=True)
class _Reading:
    """What the pieces are: alternatives by clause, exclusions, and words in a row."""

    groups: list[list[Term]] = field(default_factory=list)
    exclusions: list[Term] = field(default_factory=list)
    runs: list[list[TypedWord]] = field(default_factory=list)
    shortened: bool = False

    def clauses(self, expansion: Expansion, cut: Sequence[_Cut]) -> tuple[Clause, ...]:
        """Each clause once, with the echoes of all places where it was typed."""
        found: dict[tuple[Term, ...], dict[Echo, None]] = {}
        asked: dict[Echo, None] = {}

        def add(place: int, echoes: Iterable[Echo]) -> None:
            for echo in echoes:
                if echo in asked or len(asked) < MAX_ECHOES:
                    asked.setdefault(echo)
                    found[tuple(self.groups[place])].setdefault(echo)

        for group in self.groups:
            found.setdefault(tuple(group), {})
        for place, echo, _ in cut:
            add(place, (echo,))
        for place in range(len(self.groups)):
            add(place, expansion.echoes.get(place, ()))
        return tuple(Clause(terms, tuple(echoes)) for terms, echoes in found.items())

    def taken_apart(self, languages: Collection[str] | None) -> Iterator[_Cut]:
        """A compound is looked for as its parts too, wherever all of them stand on one page."""
        for word in (word for run in self.runs for word in run):
            for folded in analyse(word.text):
                for language in LANGUAGES if languages is None else languages:
                    parts = compound_stems(folded, language)
                    if len(parts) > 1:
                        yield _Cut(word.clause, Echo(tuple((part,) for part in parts)), language)

    def pairs(self, languages: Collection[str] | None) -> tuple[Tokens, ...]:
        """Two and three neighbours among the words that say something, with what is between."""
        found: dict[Tokens, None] = {}
        for run in self.runs:
            groups = [self.groups[word.clause] for word in run]
            heavy = [n for n, terms in enumerate(groups) if not all(t.light for t in terms)]
            # A sequence costs time in every language: where the words tell theirs, one is enough.
            spoken = guess_language(" ".join(word.text for word in run))
            asked = (spoken,) if spoken in (languages or LANGUAGES) else languages
            # Few words are remembered in their order; of many, threes are chance.
            for near in (2, 3) if len(heavy) <= MAX_REMEMBERED else (2,):
                for left, right in zip(heavy, heavy[near - 1 :], strict=False):
                    if right - left <= MAX_BETWEEN * (near - 1):
                        row = " ".join(word.text for word in run[left : right + 1])
                        rows = analyses(row, asked)
                        found.update((s, None) for s in rows if 1 < len(s) <= MAX_PAIR_TOKENS)
        return tuple(found)[:MAX_PAIRS]


def _read(pieces: Sequence[Piece], languages: Collection[str] | None) -> _Reading:
    reading = _Reading(runs=[[]])
    light = _light((p.text for p in pieces if not p.phrase), languages)
    join, terms, spent = False, 0, 0
    for piece in pieces:
        if piece.joins:
            join = bool(reading.groups)
            reading.runs.append([])
            continue
        term = _term(piece.text, languages, light=None if piece.phrase else light)
        if term is None:
            continue
        spent += cost(term)
        if terms == MAX_TERMS or (terms and spent > MAX_COST):
            reading.shortened = True
            break
        terms += 1
        if piece.minus:
            reading.exclusions.append(term)
        elif join:
            reading.groups[-1].append(term)
        else:
            reading.groups.append([term])
        join = False
        if piece.phrase or piece.minus:
            reading.runs.append([])
        else:
            reading.runs[-1].append(TypedWord(piece.text, len(reading.groups) - 1))
    return reading


def parse(
    text: str,
    *,
    filters: Mapping[str, Collection[str]] | None = None,
    sort: Sort = "relevance",
    page: int = 1,
    size: int = PAGE_SIZE,
    concepts: Thesaurus | None = None,
    locale: str = "",
) -> Parsed:
    """Read a search box. Without a language among the filters, words count in every language.

    With `concepts`, what is recognised among the words is looked for under its other names too.
    `locale`: the language that the reader uses the portal in.
    """
    chosen = {name: frozenset(values) for name, values in (filters or {}).items() if values}
    languages = _languages(chosen)
    text = with_plain_quotes(clean(text))
    pieces = pieces_of(text[:MAX_LENGTH])
    reading = _read(pieces, languages)
    shortened = reading.shortened or len(text) > MAX_LENGTH
    expansion = Expansion()
    if concepts is not None:
        expansion = concepts.expand(reading.runs, chosen.get("language"))
    cut = tuple(reading.taken_apart(languages))
    query = Query(
        clauses=reading.clauses(expansion, cut),
        exclusions=tuple(dict.fromkeys(reading.exclusions)),
        filters=chosen,
        sort=sort,
        page=page,
        size=size,
        titles=() if shortened else _titles(pieces, languages),
        pairs=reading.pairs(languages),
        locale=locale,
    )
    return Parsed(query, shortened, expansion.also, _spoken(expansion, cut))
