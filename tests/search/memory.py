"""An engine beside the database, in memory: what goes wrong with a server goes wrong when told to.

It keeps the versions of what was deleted, as a server does, and has the methods by which an
index is built beside the live one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from search import engines
from search.engines.base import (
    Access,
    Engine,
    Hit,
    Query,
    RecordRefused,
    Results,
    SearchUnavailable,
    TookTooLong,
)
from search.engines.counting import facets_of
from search.engines.index_docs import Held, IndexDoc
from tests.search.brute import answer

Index = dict[str, IndexDoc]


@dataclass
class Server:
    """What goes wrong with it.

    `down`: nothing is answered. `late`: a token whose questions are answered too late.
    `refuses`: bad refs. `loses`: refs that vanish.
    """

    live: Index | None = None
    down: bool = False
    late: str = ""
    refuses: set[str] = field(default_factory=set)
    loses: set[str] = field(default_factory=set)
    asked: list[Access] = field(default_factory=list)
    refreshed: int = 0
    written: list[int] = field(default_factory=list)


class Refused(RecordRefused):
    """A record that this server never takes."""


class MemoryEngine(Engine):
    name = "elasticsearch"

    def __init__(self, server: Server, index: Index | None = None) -> None:
        self.server, self._own = server, index
        self._gone: dict[str, int] = {}

    @property
    def _index(self) -> Index:
        index = self._own if self._own is not None else self.server.live
        if self.server.down or index is None:
            raise SearchUnavailable("memory is away")
        return index

    def search(self, query: Query, access: Access) -> Results:
        self.server.asked.append(access)
        if self.server.late and (self.server.late,) in query.wanted:
            raise TookTooLong("memory took too long")
        found = answer(self._index.values(), query, access)
        hits = tuple(Hit(ref) for ref in sorted(found.refs))[: query.size]
        return Results(
            hits,
            len(found.refs),
            len(found.exact),
            found.relaxed,
            facets=facets_of(found.facets, query),
        )

    def index(self, docs: Iterable[IndexDoc]) -> int:
        index, refused = self._index, False
        batch = list(docs)
        self.server.written.append(len(batch))
        for doc in batch:
            if doc.ref in self.server.refuses:
                refused = True
            elif doc.ref not in self.server.loses and self._is_new(doc.ref, doc.version):
                index[doc.ref] = doc
        if refused:
            raise Refused
        return len(batch)

    def _is_new(self, ref: str, version: int) -> bool:
        held = self._index.get(ref)
        return version >= (held.version if held else self._gone.get(ref, 0))

    def delete(self, refs: Iterable[str], *, version: int | None = None) -> int:
        done = 0
        for ref in refs:
            if version is None or self._is_new(ref, version):
                done += self._index.pop(ref, None) is not None
                self._gone[ref] = version or 0
        return done

    def relabel(self, ref: str, labels: Iterable[str], version: int) -> bool:
        doc = self._index.get(ref)
        if doc is not None and self._is_new(ref, version):
            self._index[ref] = replace(doc, labels=frozenset(labels), version=version)
        return doc is not None

    def count(self) -> int:
        return len(self._index)

    def clear(self) -> None:
        self._index.clear()

    def held(self, refs: Collection[str] | None = None) -> Mapping[str, Held]:
        return {
            doc.ref: Held(doc.version, doc.analyser, doc.fingerprint, doc.labels)
            for doc in self._index.values()
            if refs is None or doc.ref in refs
        }

    def held_of_family(self, family: str) -> Mapping[str, Held]:
        return self.held([doc.ref for doc in self._index.values() if doc.family == family])

    def held_publicly(self) -> Mapping[str, Held]:
        return {ref: held for ref, held in self.held().items() if "public" in held.labels}

    def beside(self) -> MemoryEngine:
        if self.server.down:
            raise SearchUnavailable("memory is away")
        return MemoryEngine(self.server, {})

    def adopt(self, beside: MemoryEngine) -> None:
        self.server.live = beside._index

    def drop(self) -> None:
        self._own = {}

    def sweep(self) -> None:
        return

    def state(self) -> dict[str, Any]:
        if self.server.down:
            raise SearchUnavailable("memory is away")
        there = self.server.live is not None
        return {"health": "green" if there else "red"}

    def is_there(self) -> bool:
        if self.server.down:
            raise SearchUnavailable("memory is away")
        return self.server.live is not None

    def expunge(self) -> None:
        return

    def refresh_now(self) -> None:
        self.server.refreshed += 1


def install(monkeypatch: Any) -> Server:
    """Let this installation have such an engine, not built yet."""
    server = Server()
    monkeypatch.setattr(engines, "beside", lambda: MemoryEngine(server))
    return server
