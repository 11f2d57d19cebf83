"""How the clauses of a concept stand together. Pure, and alike in every engine.

Invariant: a concept that was typed in several words is one thing: its echoes are asked once.
"""

from __future__ import annotations

from collections.abc import Iterable

from search.engines.base import Clause, Echo


def concepts_of(clauses: Iterable[Clause]) -> list[tuple[Echo, ...]]:
    """The echoes of these clauses, each once, together with those of its concept.

    Of a concept's labels the best one counts, so that a concept of many names weighs no more than
    one of few; of several concepts the sum.
    """
    seen: set[Echo] = set()
    concepts = []
    for clause in clauses:
        new = tuple(echo for echo in dict.fromkeys(clause.echoes) if echo not in seen)
        seen.update(new)
        if new:
            concepts.append(new)
    return concepts


def by_echoes(clauses: Iterable[Clause]) -> list[tuple[tuple[Echo, ...], list[Clause]]]:
    """The clauses by what else they hold by: a group holds where all of its words do, or an echo.

    That each clause of a group holds, by a word of its own or by one of the same echoes, says the
    same, and asks as many times for the echoes as there are words. Clauses without echoes are one
    group, first where there are any.
    """
    groups: dict[tuple[Echo, ...], list[Clause]] = {}
    for clause in clauses:
        groups.setdefault(clause.echoes, []).append(clause)
    return sorted(groups.items(), key=lambda group: bool(group[0]))
