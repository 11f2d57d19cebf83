"""Search engines under one contract: `base`, and one module or package per engine."""

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine

_engine = EmbeddedEngine()


def engine() -> Engine:
    """The engine that this installation asks and feeds."""
    return _engine
