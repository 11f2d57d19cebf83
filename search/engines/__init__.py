"""Search engines under one contract: `base`, and one module or package per engine.

Invariant: the embedded engine is always fed, because it answers when the one beside it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from search.engines.base import Engine
from search.engines.embedded import EmbeddedEngine

if TYPE_CHECKING:
    from search.engines.elasticsearch import ElasticsearchEngine

EMBEDDED: Final = "embedded"
ELASTICSEARCH: Final = "elasticsearch"

_embedded = EmbeddedEngine()


def embedded() -> EmbeddedEngine:
    """The engine in the database itself."""
    return _embedded


def beside() -> ElasticsearchEngine | None:
    """The engine beside the database; None where the installation has no such server."""
    if not settings.ELASTICSEARCH["url"]:
        return None
    from search.engines.elasticsearch import ElasticsearchEngine

    return ElasticsearchEngine(shares=_embedded.shares)


def engines() -> tuple[Engine, ...]:
    """Every engine that this installation feeds, the embedded one first."""
    server = beside()
    return (_embedded, server) if server is not None else (_embedded,)


def named(name: str) -> Engine:
    """The engine of this name; raises LookupError for one that this installation has not."""
    for engine in engines():
        if engine.name == name:
            return engine
    raise LookupError(f"This installation has no search engine {name!r}.")
