"""The answer that every engine must give, worked out by looking at everything.

Written from the contract's prose: documents match when every counted clause stands on one of
their pages (or in the title), no exclusion does, and every facet chosen has a chosen value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.engines.base import Access, Clause, IndexDoc, Query, Term

BEFORE, AFTER = 16, 8


def _stands(sequence: Sequence[str], tokens: Sequence[str]) -> bool:
    size = len(sequence)
    return any(
        tuple(tokens[i : i + size]) == tuple(sequence) for i in range(len(tokens) - size + 1)
    )


def _columns(doc: IndexDoc) -> list[tuple[str, Sequence[str]]]:
    """What can be searched. A seam holds the end of a page and the beginning of the next."""
    columns: list[tuple[str, Sequence[str]]] = [("text", doc.title)]
    for place, page in enumerate(doc.pages):
        columns += [("text", page.body), ("parts", page.parts)]
        if place + 1 < len(doc.pages):
            columns.append(("seam", (*page.body[-BEFORE:], *doc.pages[place + 1].body[:AFTER])))
    return columns


def holds_term(doc: IndexDoc, term: Term) -> bool:
    for column, tokens in _columns(doc):
        for sequence in term.sequences:
            if column == "parts" and (term.phrase or len(sequence) > 1):
                continue
            if column == "seam" and len(sequence) == 1:
                continue
            if _stands(sequence, tokens):
                return True
    return False


def holds(doc: IndexDoc, clause: Clause) -> bool:
    return any(holds_term(doc, term) for term in clause.terms)


def _passes(doc: IndexDoc, name: str, values: Iterable[str]) -> bool:
    return bool(set(doc.facets.get(name, ())) & set(values))


@dataclass
class Answer:
    refs: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    relaxed: bool = False


def answer(docs: Iterable[IndexDoc], query: Query, access: Access) -> Answer:
    visible = [doc for doc in docs if doc.labels & access.labels]
    visible = [d for d in visible if not any(holds_term(d, t) for t in query.exclusions)]
    counted = [c for c in query.clauses if not all(t.light for t in c.terms)] or query.clauses
    phrases = [c for c in counted if all(t.phrase for t in c.terms)]

    def everything(doc: IndexDoc) -> bool:
        return all(holds(doc, clause) for clause in counted)

    def anything(doc: IndexDoc) -> bool:
        if phrases:
            return all(holds(doc, clause) for clause in phrases)
        return any(holds(doc, clause) for clause in counted)

    def collect(matching: list[IndexDoc]) -> tuple[set[str], dict[str, dict[str, int]]]:
        chosen = query.filters
        refs = {d.ref for d in matching if all(_passes(d, n, v) for n, v in chosen.items())}
        facets: dict[str, dict[str, int]] = {}
        for name in {n for d in matching for n in d.facets} | set(chosen):
            others = {n: v for n, v in chosen.items() if n != name}
            counts = Counter(
                value
                for d in matching
                if all(_passes(d, n, v) for n, v in others.items())
                for value in set(d.facets.get(name, ()))
            )
            counts.update(dict.fromkeys(chosen.get(name, ()), 0))
            if counts:
                facets[name] = dict(counts)
        return refs, facets

    exact, facets = collect([d for d in visible if everything(d)])
    if len(exact) >= query.size or len(counted) < 2 or len(phrases) == len(counted):
        return Answer(exact, exact, facets)
    refs, facets = collect([d for d in visible if anything(d)])
    return Answer(refs, exact, facets, relaxed=len(exact) < len(refs))
