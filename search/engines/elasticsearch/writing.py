"""Writing records: both indices in one go, each write with its version.

Invariant: what is not public is taken out of the public index with the same version with which it
is written to the other, so that no late write puts it back; a late write or delete counts as done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from coalitions.access import PUBLIC
from search.engines.base import RecordRefused, SearchUnavailable
from search.engines.elasticsearch.aliases import SIDES, Names
from search.engines.elasticsearch.mapping import source
from search.engines.index_docs import IndexDoc

# A request of more than a tenth of the server's memory is refused.
MAX_CHUNK_BYTES: Final = 5 * 1024 * 1024
_LATE, _ABSENT = 409, 404


def _put(index: str, ref: str, version: int, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "_op_type": "index",
        "_index": index,
        "_id": ref,
        "version": version,
        "version_type": "external_gte",
        "_source": body,
    }


def _take(index: str, ref: str, version: int | None) -> dict[str, Any]:
    action: dict[str, Any] = {"_op_type": "delete", "_index": index, "_id": ref}
    if version is not None:
        action |= {"version": version, "version_type": "external_gte"}
    return action


def writes(names: Names, ref: str, version: int, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What must be sent for a record: out of sight first."""
    everything = _put(names.write("all"), ref, version, body)
    if PUBLIC in body["labels"]:
        return [everything, _put(names.write("public"), ref, version, body)]
    return [_take(names.write("public"), ref, version), everything]


def of_docs(names: Names, docs: Iterable[IndexDoc]) -> Iterator[dict[str, Any]]:
    """What must be sent for whole records."""
    for doc in docs:
        yield from writes(names, doc.ref, doc.version, source(doc))


def of_refs(names: Names, refs: Iterable[str], version: int | None) -> Iterator[dict[str, Any]]:
    """What must be sent to remove records. Without a version, whatever is held goes."""
    for ref in dict.fromkeys(refs):
        yield _take(names.write("public"), ref, version)
        yield _take(names.write("all"), ref, version)


def send(
    client: Elasticsearch, names: Names, actions: Iterable[dict[str, Any]], *, refresh: bool
) -> int:
    """Send everything; returns how many records of the index of all things were changed.

    What the server refuses does not stop the others, and is raised at the end.
    """
    # Deletions know no `require_alias`, and one with a version makes the index that it misses.
    client.indices.get_alias(name=[names.write(side) for side in SIDES])
    changed = 0
    refused: dict[int, int] = {}
    for _, item in streaming_bulk(
        client,
        actions,
        chunk_size=500,
        max_chunk_bytes=MAX_CHUNK_BYTES,
        raise_on_error=False,
        max_retries=2,
        initial_backoff=0.5,
        max_backoff=5,
        require_alias=True,
        refresh=refresh,
    ):
        ((operation, answer),) = item.items()
        status = int(answer["status"])
        missing = operation == "delete" and status == _ABSENT and answer.get("error") is None
        if status < 300:
            changed += _is_of_all(answer["_index"], names)
        elif status != _LATE and not missing:
            refused[status] = refused.get(status, 0) + 1
    if refused:
        told = ", ".join(f"{count} with {status}" for status, count in sorted(refused.items()))
        kind = RecordRefused if set(refused) == {400} else SearchUnavailable
        raise kind(f"Elasticsearch refused writes: {told}")
    return changed


def _is_of_all(index: str, names: Names) -> bool:
    return index.startswith(f"{names.prefix}-all-")
