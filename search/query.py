"""From what somebody typed to the tree that every engine understands.

Syntax: words, "phrases", -excluded, OR. Invariant: any string whatever is a query; what cannot
be understood is read as words, and what is too long is cut and said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from coalitions.language import LANGUAGES, analyse, analyses, clean, is_light, language_code
from search.engines.base import PAGE_SIZE, Clause, Query, Sort, Term

MAX_LENGTH: Final = 400
MAX_TERMS: Final = 40

_QUOTES: Final = {ord(c): '"' for c in "“”„‟«»＂"}
_PIECE: Final = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query, and whether something that was typed had to be left out."""

    query: Query
    shortened: bool = False


def _term(text: str, languages: Collection[str] | None, *, phrase: bool) -> Term | None:
    sequences = analyses(text, languages)
    if not sequences:
        return None
    folded = analyse(text)
    light = not phrase and all(
        is_light(word, tuple(languages if languages is not None else LANGUAGES)) for word in folded
    )
    return Term(sequences=sequences, phrase=phrase, light=light)


def _languages(filters: Mapping[str, Collection[str]]) -> tuple[str, ...] | None:
    """The analyses to ask: those of the languages filtered by, or all."""
    chosen = filters.get("language")
    if not chosen:
        return None
    return tuple(dict.fromkeys(code for c in sorted(chosen) if (code := language_code(c))))


def parse(
    text: str,
    *,
    filters: Mapping[str, Collection[str]] | None = None,
    sort: Sort = "relevance",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Parsed:
    """Read a search box. Without a language among the filters, words count in every language."""
    chosen = {name: frozenset(values) for name, values in (filters or {}).items() if values}
    languages = _languages(chosen)
    text = clean(text).translate(_QUOTES)
    shortened = len(text) > MAX_LENGTH
    groups: list[list[Term]] = []
    exclusions: list[Term] = []
    join, terms = False, 0
    for piece in _PIECE.finditer(text[:MAX_LENGTH]):
        if piece["word"] == "OR" and not piece["minus"]:
            join = bool(groups)
            continue
        phrase = piece["phrase"] is not None
        term = _term(piece["phrase"] if phrase else piece["word"], languages, phrase=phrase)
        if term is None:
            continue
        if terms == MAX_TERMS:
            shortened = True
            break
        terms += 1
        if piece["minus"]:
            exclusions.append(term)
        elif join:
            groups[-1].append(term)
        else:
            groups.append([term])
        join = False
    query = Query(
        clauses=tuple(dict.fromkeys(Clause(tuple(group)) for group in groups)),
        exclusions=tuple(dict.fromkeys(exclusions)),
        filters=chosen,
        sort=sort,
        page=page,
        size=size,
    )
    return Parsed(query, shortened)
