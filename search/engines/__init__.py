"""Search engines under one contract: `base`, and one module or package per engine.

Invariant: the embedded engine is always fed, because it answers when the one beside it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from search.engines.base import Engine, SearchUnavailable
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

    return ElasticsearchEngine()


def engines() -> tuple[Engine, ...]:
    """Every engine that this installation feeds, the embedded one first."""
    server = beside()
    return (_embedded, server) if server is not None else (_embedded,)


def refuses_the_record(error: Exception) -> bool:
    """Whether an engine works and will not take this one record, however often it is sent."""
    if not isinstance(error, SearchUnavailable) or beside() is None:
        return False
    from search.engines.elasticsearch.writing import RecordRefused

    return isinstance(error, RecordRefused)


def named(name: str) -> Engine:
    """The engine of this name; raises LookupError for one that this installation has not."""
    for engine in engines():
        if engine.name == name:
            return engine
    raise LookupError(f"This installation has no search engine {name!r}.")
