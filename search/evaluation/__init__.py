"""Judged collections: how good the answers are, measured apart from everything that is live.

Invariant: questions take the way of a reader's (parsed, with concepts, asked of the engine), texts
the way of a real record, and no live row or index is read, changed or counted.
"""

from search.evaluation.collections import Collection, CollectionError, Question, read_collection
from search.evaluation.measures import Figures, figures
from search.evaluation.running import evaluate

__all__ = [
    "Collection",
    "CollectionError",
    "Figures",
    "Question",
    "evaluate",
    "figures",
    "read_collection",
]
