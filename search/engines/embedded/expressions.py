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
LONG: Final = "title body seam"


def alternative(sequence: Tokens, columns: str) -> str:
    """Tokens next to each other in one of these columns."""
    return f'({{{columns}}} : "{" ".join(sequence)}")'


def echo_of(echo: Echo) -> str:
    """All the words of a label on one page."""
    words = (alternative(w, LONG if len(w) > 1 else SINGLE) for w in dict.fromkeys(echo.words))
    return f"({' AND '.join(words)})"


def below_title(echo: Echo) -> str:
    """The same, and one of them in the page's own text."""
    words = (alternative(w, LONG if len(w) > 1 else SINGLE) for w in dict.fromkeys(echo.words))
    return f"({echo_of(echo)} AND ({{body seam parts}} : ({' OR '.join(words)})))"


def expression(terms: Sequence[Term], echoes: Sequence[Echo] = ()) -> str:
    """An FTS5 expression: any of the terms, or all the words of one echo."""
    alternatives = []
    for term in terms:
        for sequence in term.sequences:
            columns = LONG if len(sequence) > 1 else "title body"
            alternatives.append(
                alternative(sequence, SINGLE if in_parts(term, sequence) else columns)
            )
    alternatives += [echo_of(echo) for echo in echoes]
    return " OR ".join(dict.fromkeys(alternatives))


def every(clauses: Sequence[Clause]) -> str:
    """An FTS5 expression: all of the clauses on one page."""
    return " AND ".join(f"({expression(clause.terms, clause.echoes)})" for clause in clauses)


def pair_expression(pairs: Sequence[Tokens]) -> str:
    """An FTS5 expression: any of these sequences."""
    return " OR ".join(alternative(pair, LONG) for pair in dict.fromkeys(pairs))
