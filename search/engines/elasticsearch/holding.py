"""What the indices hold: for planning, comparing and repairing.

Invariant: answers are of this moment, never of the last refresh, because what a planner does not
see it does not take away.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any, Final

from elasticsearch import Elasticsearch, NotFoundError

from search.engines.elasticsearch.aliases import SIDES, Names
from search.engines.index_docs import Held

BATCH: Final = 2_000
RELEASE_SECONDS: Final = 70
_FACTS: Final = ("analyser", "fingerprint", "labels")


def _held(version: int, facts: Mapping[str, list[Any]]) -> Held:
    return Held(
        version=version,
        analyser=int(facts["analyser"][0]),
        fingerprint=str(next(iter(facts.get("fingerprint", ())), "")),
        labels=frozenset(facts.get("labels", ())),
    )


def refresh(client: Elasticsearch, names: Names) -> None:
    """Make what was written findable, in both indices."""
    client.indices.refresh(index=[names.write(side) for side in SIDES])


def count(client: Elasticsearch, names: Names) -> int:
    """How many records the index of all things holds."""
    client.indices.refresh(index=names.write("all"))
    return int(client.count(index=names.write("all"))["count"])


def source_of(client: Elasticsearch, names: Names, ref: str) -> dict[str, Any] | None:
    """A record as it was last written."""
    try:
        found = client.get(index=names.write("all"), id=ref, realtime=True)
    except NotFoundError as error:
        if error.body.get("found") is False:
            return None
        raise
    return dict(found["_source"])


def held_by_ref(client: Elasticsearch, names: Names, refs: Collection[str]) -> dict[str, Held]:
    """What is held of these refs, as last written."""
    held: dict[str, Held] = {}
    wanted = iter(dict.fromkeys(refs))
    while batch := list(islice(wanted, BATCH)):
        found = client.mget(
            index=names.write("all"),
            ids=batch,
            realtime=True,
            source=False,
            stored_fields=_FACTS,
        )
        for doc in found["docs"]:
            if doc.get("found"):
                held[doc["_id"]] = _held(int(doc["_version"]), doc["fields"])
            elif "error" in doc:
                client.indices.get(index=names.write("all"))
    return held


def held_of_all(client: Elasticsearch, names: Names, side: str) -> dict[str, Held]:
    """Everything that one index holds, as of one moment."""
    client.indices.refresh(index=names.write(side))
    held: dict[str, Held] = {}
    moment = client.open_point_in_time(index=names.write(side), keep_alive="2m")["id"]
    try:
        after: list[Any] | None = None
        while True:
            hits = _search(
                client,
                query={"match_all": {}},
                pit={"id": moment, "keep_alive": "2m"},
                sort=[{"_shard_doc": "asc"}],
                search_after=after,
            )
            held.update(_read(hits))
            if len(hits) < BATCH:
                return held
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=moment)


def held_of_family(client: Elasticsearch, names: Names, family: str) -> dict[str, Held]:
    """What is held of one thing in all its languages."""
    client.indices.refresh(index=names.write("all"))
    query = {"term": {"family": family}}
    return _read(_search(client, index=names.write("all"), query=query))


def _search(client: Elasticsearch, **options: Any) -> list[Mapping[str, Any]]:
    found = client.search(
        size=BATCH,
        source=False,
        docvalue_fields=[{"field": field} for field in ("ref", *_FACTS)],
        version=True,
        track_total_hits=False,
        allow_partial_search_results=False,
        **options,
    )
    hits: list[Mapping[str, Any]] = found["hits"]["hits"]
    return hits


def _read(hits: list[Mapping[str, Any]]) -> dict[str, Held]:
    return {
        str(hit["fields"]["ref"][0]): _held(int(hit["_version"]), hit["fields"]) for hit in hits
    }


def expunge(client: Elasticsearch, names: Names) -> None:
    """Merge away deleted records in both indices, the public one first.

    The server keeps what was deleted until its copies have agreed that they need it no more,
    which they do twice a minute.
    """
    for side in reversed(SIDES):
        index = names.write(side)
        client.indices.flush(index=index, wait_if_ongoing=True)
        _wait_until_released(client, index)
        client.indices.forcemerge(index=index, only_expunge_deletes=True)
        client.indices.refresh(index=index)


def _wait_until_released(client: Elasticsearch, index: str) -> None:
    until = time.monotonic() + RELEASE_SECONDS
    wanted = max(shard["seq_no"]["max_seq_no"] for shard in _shards(client, index))
    while time.monotonic() < until:
        kept = [
            lease["retaining_seq_no"]
            for shard in _shards(client, index)
            for lease in shard["retention_leases"]["leases"]
        ]
        if min(kept, default=wanted + 1) > wanted:
            return
        time.sleep(1)


def _shards(client: Elasticsearch, index: str) -> list[Mapping[str, Any]]:
    found = client.indices.stats(index=index, level="shards", metric="docs")["indices"]
    return [
        shard for held in found.values() for shards in held["shards"].values() for shard in shards
    ]
