"""nDCG, MRR and recall at ten, as everybody computes them (trec_eval's definitions).

Invariant: every figure lies between 0 and 1, and 1 is the best that an order of ten can do;
recall alone may have a lower best, where more than ten documents answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log2
from typing import Final

DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions of a collection."""

    ndcg: float
    mrr: float
    recall: float


def ndcg(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """Gain by grade, discounted by the logarithm of the place, against the best order."""
    gained = _gain(grades.get(ref, 0.0) for ref in found[:DEPTH])
    best = _gain(sorted(grades.values(), reverse=True)[:DEPTH])
    return gained / best if best else 0.0


def _gain(grades: Iterable[float]) -> float:
    return fsum(grade / log2(place + 1) for place, grade in enumerate(grades, 1))


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """One over the place of the first answer."""
    places = (place for place, ref in enumerate(found[:DEPTH], 1) if grades.get(ref, 0) > 0)
    return 1 / next(places, float("inf"))


def recall(found: Sequence[str], grades: Mapping[str, float]) -> float:
    """The share of all answers that was found."""
    answers = {ref for ref, grade in grades.items() if grade > 0}
    return len(answers & set(found[:DEPTH])) / len(answers) if answers else 0.0


def figures(answers: Sequence[tuple[Sequence[str], Mapping[str, float]]]) -> Figures:
    """The means over (what was found, what would have been right)."""
    count = len(answers) or 1
    return Figures(
        ndcg=fsum(ndcg(*answer) for answer in answers) / count,
        mrr=fsum(reciprocal_rank(*answer) for answer in answers) / count,
        recall=fsum(recall(*answer) for answer in answers) / count,
    )
