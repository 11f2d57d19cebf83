"""The answer that every engine must give, worked out by looking at everything.

Written from the contract's prose: documents match when every counted clause stands on one of
their pages (or in the title), no exclusion does, and every facet chosen has a chosen value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from search.engines.base import Access, Clause, Echo, Query, Term
from search.engines.index_docs import IndexDoc

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


def _page_columns(doc: IndexDoc) -> list[list[tuple[str, Sequence[str]]]]:
    """The same, page by page; the title stands above each."""
    whole = _columns(replace(doc, pages=()))
    pages = [whole] if not doc.pages else []
    for place, page in enumerate(doc.pages):
        columns = [*whole, ("text", page.body), ("parts", page.parts)]
        if place + 1 < len(doc.pages):
            columns.append(("seam", (*page.body[-BEFORE:], *doc.pages[place + 1].body[:AFTER])))
        pages.append(columns)
    return pages


def _word_stands(word: Sequence[str], columns: list[tuple[str, Sequence[str]]]) -> bool:
    unfit = "seam" if len(word) == 1 else "parts"
    return any(_stands(word, tokens) for column, tokens in columns if column != unfit)


def holds_echo(doc: IndexDoc, echo: Echo) -> bool:
    return any(
        all(_word_stands(word, columns) for word in echo.words) for columns in _page_columns(doc)
    )


def holds(doc: IndexDoc, clause: Clause) -> bool:
    if any(holds_term(doc, term) for term in clause.terms):
        return True
    return any(holds_echo(doc, echo) for echo in clause.echoes)


def pages_holding(doc: IndexDoc, query: Query) -> tuple[set[int], set[int]]:
    """Numbers of the pages that hold something asked for: in their own text, and with the title."""
    own: set[int] = set()
    both: set[int] = set()
    for place, page in enumerate(doc.pages):
        after = doc.pages[place + 1 : place + 2]
        seam = (*page.body[-BEFORE:], *after[0].body[:AFTER]) if after else ()
        alone = replace(doc, title=(), pages=[page])
        for clause in query.counted:
            sequences = [s for t in clause.terms for s in t.sequences if len(s) > 1]
            if holds(alone, clause) or any(_stands(s, seam) for s in sequences):
                own.add(page.number)
            if any(holds_term(replace(doc, pages=()), term) for term in clause.terms):
                both.add(page.number)
        columns = _page_columns(doc)[place]
        if any(all(_word_stands(w, columns) for w in e.words) for e in query.echoes):
            both.add(page.number)
    return own - {0}, (own | both) - {0}


def facets_of(doc: IndexDoc) -> dict[str, tuple[str, ...]]:
    """The facets that a document is counted under: its own, and the audience of its labels."""
    kinds = {label.partition(":")[0] for label in doc.labels}
    audience: tuple[str, ...] = ()
    for kind, rung in (("public",) * 2, ("network",) * 2, ("coalition",) * 2):
        if kind in kinds:
            return {**doc.facets, "audience": (rung,)}
    if "workspace" in kinds:
        audience = ("workspace" if "org" in kinds else "members",)
    elif "org" in kinds:
        audience = ("organisation",)
    return {**doc.facets, "audience": audience} if audience else dict(doc.facets)


def _passes(doc: IndexDoc, name: str, values: Iterable[str]) -> bool:
    return bool(set(facets_of(doc).get(name, ())) & set(values))


@dataclass
class Answer:
    refs: set[str] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    relaxed: bool = False


def answer(docs: Iterable[IndexDoc], query: Query, access: Access) -> Answer:
    visible = [d for d in docs if d.labels & access.labels and d.ref not in access.withheld]
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
        for name in {n for d in matching for n in facets_of(d)} | set(chosen):
            others = {n: v for n, v in chosen.items() if n != name}
            counts = Counter(
                value
                for d in matching
                if all(_passes(d, n, v) for n, v in others.items())
                for value in set(facets_of(d).get(name, ()))
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
