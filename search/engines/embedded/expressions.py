"""What is looked for, as FTS5 understands it.

Invariant: words are our own tokens, which hold no quotation marks, so that none can break out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from search.engines.base import Clause, Echo, Term, Tokens
from search.engines.embedded.dialect import in_parts

# Where a single word and where several in a row may stand.
SINGLE: Final = "title body parts"
PHRASE_OF_ONE: Final = "title body"
LONG: Final = "title body seam"


def columns_of(sequence: Tokens, *, parts: bool) -> str:
    """Where a sequence may stand; `parts`: a single word among the parts of compounds too."""
    if len(sequence) > 1:
        return LONG
    return SINGLE if parts else PHRASE_OF_ONE


def _words_of(echo: Echo) -> list[str]:
    return [alternative(w, columns_of(w, parts=True)) for w in dict.fromkeys(echo.words)]


def alternative(sequence: Tokens, columns: str) -> str:
    """Tokens next to each other in one of these columns."""
    return f'({{{columns}}} : "{" ".join(sequence)}")'


def echo_of(echo: Echo) -> str:
    """All the words of a label on one page."""
    return f"({' AND '.join(_words_of(echo))})"


def below_title(echo: Echo) -> str:
    """The same, and one of them in the page's own text."""
    return f"({echo_of(echo)} AND ({{body seam parts}} : ({' OR '.join(_words_of(echo))})))"


def expression(terms: Sequence[Term], echoes: Sequence[Echo] = ()) -> str:
    """An FTS5 expression: any of the terms, or all the words of one echo."""
    alternatives = [
        alternative(sequence, columns_of(sequence, parts=in_parts(term, sequence)))
        for term in terms
        for sequence in term.sequences
    ]
    alternatives += [echo_of(echo) for echo in echoes]
    return " OR ".join(dict.fromkeys(alternatives))


def every(clauses: Sequence[Clause]) -> str:
    """An FTS5 expression: all of the clauses on one page."""
    return " AND ".join(f"({expression(clause.terms, clause.echoes)})" for clause in clauses)


def pair_expression(pairs: Sequence[Tokens]) -> str:
    """An FTS5 expression: any of these sequences."""
    return " OR ".join(alternative(pair, LONG) for pair in dict.fromkeys(pairs))
