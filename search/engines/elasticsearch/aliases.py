"""Indices come and go behind aliases: made beside the live ones, swapped in one call.

Invariant: everything is read and written through aliases, so that a write to what is not there
is refused instead of making an index with a guessed mapping. Each alias has one index.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, NotFoundError

from search.engines.elasticsearch.mapping import SETTINGS, mapping

SIDES: Final = ("all", "public")
# Requests that found the old index behind the alias have ended by then.
GRACE_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True)
class Names:
    """The aliases of one pair of indices: `public` holds public records alone.

    `beside`: the mark of a pair that is being built; empty for the live one.
    """

    prefix: str
    beside: str = ""

    def _alias(self, side: str, use: str) -> str:
        return "-".join(part for part in (self.prefix, side, self.beside, use) if part)

    def read(self, side: str) -> str:
        """The alias that is asked."""
        return self._alias(side, "read")

    def write(self, side: str) -> str:
        """The alias that is written to."""
        return self._alias(side, "write")

    @property
    def aliases(self) -> list[str]:
        """All four."""
        return [alias for side in SIDES for alias in (self.read(side), self.write(side))]


def indices(client: Elasticsearch, alias: str) -> list[str]:
    """The indices behind an alias; none where there is no such alias."""
    try:
        return sorted(client.indices.get_alias(name=alias).body)
    except NotFoundError:
        return []


def create(client: Elasticsearch, names: Names, side: str) -> str:
    """Make an empty index with both its aliases; returns its own name."""
    stamp = datetime.now(tz=UTC).strftime("%Y%m%d%H%M%S")
    index = f"{names.prefix}-{side}-{stamp}-{secrets.token_hex(3)}"
    # An index of an alias's own name is nobody's: a write made it between two look-ups.
    delete(client, [names.read(side), names.write(side)])
    client.indices.create(
        index=index,
        settings=SETTINGS,
        mappings=mapping(),
        aliases={names.read(side): {}, names.write(side): {}},
        wait_for_active_shards=1,
    )
    return index


def ensure(client: Elasticsearch, names: Names) -> None:
    """Make what is missing. An index that lost one of its aliases gets it back."""
    for side in SIDES:
        reading, writing = indices(client, names.read(side)), indices(client, names.write(side))
        if not reading and not writing:
            create(client, names, side)
        elif not writing:
            client.indices.put_alias(index=reading[0], name=names.write(side))
        elif not reading:
            client.indices.put_alias(index=writing[0], name=names.read(side))


def swap(client: Elasticsearch, live: Names, beside: Names) -> None:
    """Put the indices of `beside` behind the live aliases at once, then delete the old ones."""
    actions: list[Mapping[str, Any]] = []
    old: set[str] = set()
    for side in SIDES:
        (new,) = indices(client, beside.write(side))
        for use in (Names.read, Names.write):
            for index in indices(client, use(live, side)):
                old.add(index)
                actions.append({"remove": {"index": index, "alias": use(live, side)}})
            actions.append({"add": {"index": new, "alias": use(live, side)}})
            actions.append({"remove": {"index": new, "alias": use(beside, side)}})
    client.indices.update_aliases(actions=actions)
    if old:
        time.sleep(GRACE_SECONDS)
        delete(client, sorted(old))


def drop(client: Elasticsearch, names: Names) -> None:
    """Delete the indices behind these aliases."""
    found = {index for alias in names.aliases for index in indices(client, alias)}
    delete(client, sorted(found))


def delete(client: Elasticsearch, names: list[str]) -> None:
    """Delete these indices; what is absent counts as done."""
    for name in names:
        client.indices.delete(index=name, ignore_unavailable=True)


def are_there(client: Elasticsearch, names: Names) -> bool:
    """Whether there is an index behind each alias."""
    return all(indices(client, alias) for alias in names.aliases)


def sweep(client: Elasticsearch, live: Names) -> None:
    """Delete the indices that stand beside these, under whatever mark."""
    for side in SIDES:
        delete(client, indices(client, f"{live.prefix}-{side}-beside-*"))


def state(client: Elasticsearch, names: Names) -> dict[str, Any]:
    """Health, and for each side its index and how many records it holds."""
    found: dict[str, Any] = {"sides": {}}
    worst = "green"
    for side in SIDES:
        behind = indices(client, names.read(side))
        entry: dict[str, Any] = {"indices": behind, "writes_to": indices(client, names.write(side))}
        if len(behind) == 1:
            health = str(client.cluster.health(index=behind[0])["status"])
            entry["health"] = health
            worst = max(worst, health, key=("green", "yellow", "red").index)
            try:
                entry["count"] = int(client.count(index=behind[0])["count"])
            except ApiError:
                entry["count"] = None
        else:
            worst = "red"
        found["sides"][side] = entry
    return {"health": worst, **found}
