"""What the forms of a word are worth beside each other.

A word is looked for as each language analyses it. A form that few texts hold, because few are in
that language, is no rare word: unless the forms are weighed together, the one text that has it
stands before all that have the word as the reader knows it.

Invariant: the weights of the public scope know public rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from search.engines.base import Term, Tokens
from search.engines.embedded import tokens
from search.engines.embedded.dialect import Dialect

# A smaller difference is not worth a question of its own.
_ALIKE: Final = 0.95


def together(terms: Iterable[Term], rows: Mapping[Tokens, int]) -> dict[Tokens, int]:
    """On how many rows the most frequent form of each form's word stands."""
    found: dict[Tokens, int] = {}
    for term in terms:
        most = max((rows.get(sequence, 1) for sequence in term.sequences), default=1)
        for sequence in term.sequences:
            found[sequence] = max(most, found.get(sequence, 0))
    return found


def shares(dialect: Dialect, terms: Iterable[Term], *, public_only: bool) -> dict[Tokens, float]:
    """By which share of its own weight a form counts, where that is less than the whole."""
    several = [term for term in terms if len(term.sequences) > 1]
    sequences = {sequence for term in several for sequence in term.sequences}
    if not sequences:
        return {}
    total = tokens.total(public_only=public_only)
    if total is None:
        total, rows = dialect.counted(sequences, public_only=public_only)
    else:
        rows = tokens.rows_of(sequences, public_only=public_only)
    total = max(total, 2)
    worth = {
        sequence: tokens.weight(total, most) / tokens.weight(total, max(1, rows.get(sequence, 1)))
        for sequence, most in together(several, rows).items()
    }
    return {sequence: share for sequence, share in worth.items() if share < _ALIKE}
