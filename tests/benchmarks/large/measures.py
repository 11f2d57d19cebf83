"""The measurements: each asks both sides in turn, so that whatever else the machine does weighs
on both alike.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from elasticsearch import helpers

from coalitions.access import Viewer
from search import engines
from search.analysing import Analysts
from search.engines.base import Access, Engine, SearchUnavailable
from search.engines.elasticsearch import ElasticsearchEngine, client, writing
from search.engines.index_docs import IndexDoc
from search.evaluation.apart import elasticsearch_apart, embedded_apart
from search.keeping import Plan, Step
from search.planning import Action
from search.query import parse
from search.service import find
from tests.benchmarks.large.holdings import Holdings
from tests.benchmarks.large.plainly import SameRows, full_text_alone
from tests.benchmarks.large.timing import median, milliseconds, p95, rate, row

LOAD_WAIT = 2.0
ROUNDS = 3


def _patiently(act: Callable[[], Any]) -> float:
    """Milliseconds; an answer that did not come in time counts with the time it took."""
    started = time.perf_counter()
    with suppress(SearchUnavailable):
        act()
    return 1000 * (time.perf_counter() - started)


def find_against_raw(name: str, engine: Engine, viewer: Viewer, asked: Sequence[str]) -> None:
    """What `find` adds to the engine's own answer: parsing, the last check, snippets."""
    access = Access.for_labels(viewer.labels)
    queries = [parse(text).query for text in asked]
    for text, query in list(zip(asked, queries, strict=True))[:10]:
        _patiently(lambda query=query: engine.search(query, access))  # type: ignore[misc]
        find(viewer, text)
    raw, whole, snippets = [], [], 0
    for text, query in zip(asked, queries, strict=True):
        # Each side in turn, and of each the best: what else the machine did only adds.
        ours, alone = [], []
        for _ in range(ROUNDS):
            alone.append(_patiently(partial(engine.search, query, access)))
            ours.append(milliseconds(partial(find, viewer, text)))
        raw.append(min(alone))
        whole.append(min(ours))
        snippets += sum(len(item.pages) or 1 for item in find(viewer, text).items)
    added = [w - r for w, r in zip(whole, raw, strict=True)]
    row(f"{name}: raw query, ms p50/p95", f"{median(raw):.1f} / {p95(raw):.1f}")
    row(f"{name}: find(), ms p50/p95", f"{median(whole):.1f} / {p95(whole):.1f}")
    row(f"{name}: find() above raw at p95, ms", f"{p95(whole) - p95(raw):.1f}", "at most 15")
    row(f"{name}: added to the same query, ms p50/p95", f"{median(added):.1f} / {p95(added):.1f}")
    row(f"{name}: snippets shown for a query", f"{snippets / len(asked):.1f}")


def raw_p95(engine: Engine, access: Access, asked: Sequence[str]) -> float:
    """The engine alone, warmed up."""
    queries = [parse(text).query for text in asked]
    for query in queries[:20]:
        _patiently(lambda query=query: engine.search(query, access))  # type: ignore[misc]
    return p95([_patiently(lambda q=q: engine.search(q, access)) for q in queries])  # type: ignore[misc]


# Indexing -----------------------------------------------------------------------------------
def _embedded_indexing(docs: Sequence[IndexDoc], later: Sequence[IndexDoc]) -> None:
    """Each side several times in turn; the best of each, because only trouble makes it slower."""
    ours, again, same, alone = [0.0], [0.0], [0.0], [0.0]
    for _ in range(ROUNDS):
        with embedded_apart() as engine:
            ours.append(rate(len(docs), lambda: engine.index(docs)))
            rows = SameRows(docs)
            again.append(rate(len(docs), lambda: engine.index(later)))
        with embedded_apart():
            same.append(rate(len(docs), rows.write))
            alone.append(rate(len(docs), lambda: full_text_alone(docs)))
    row("embedded: indexing, documents/s (the same rows)", f"{max(ours):.0f} ({max(same):.0f})")
    row("embedded: against plain bulk", f"{max(ours) / max(same):.2f}", "at least 0.7")
    row("embedded: against full text, labels and facets alone", f"{max(ours) / max(alone):.2f}")
    row("embedded: the same again, documents/s", f"{max(again):.0f}")


def indexing(holdings: Holdings, count: int, *, server: bool) -> None:
    """Writing with tokens ready, against the plain bulk of the same."""
    docs = list(holdings.docs(range(count)))
    _embedded_indexing(docs, list(holdings.docs(range(count), version=2)))
    if not server:
        return
    _server_indexing(docs)


def _server_indexing(docs: Sequence[IndexDoc]) -> None:
    """The same against the server; the first round also warms it up."""
    ours, plain = [0.0], [0.0]
    for _ in range(ROUNDS + 1):
        with elasticsearch_apart() as engine, elasticsearch_apart() as other:
            assert isinstance(engine, ElasticsearchEngine)
            assert isinstance(other, ElasticsearchEngine)
            engine.refresh = False
            actions = [
                {key: action[key] for key in ("_op_type", "_index", "_id", "_source")}
                for action in writing.of_docs(other.names, docs)
                if action["_op_type"] == "index"
            ]
            plain.append(rate(len(docs), partial(helpers.bulk, client.writing(), actions)))
            ours.append(rate(len(docs), partial(engine.index, docs)))
    row("elasticsearch: indexing, documents/s (raw bulk)", f"{max(ours):.0f} ({max(plain):.0f})")
    row("elasticsearch: indexing against raw bulk", f"{max(ours) / max(plain):.2f}", "at least 0.7")


def analysing(holdings: Holdings, count: int) -> None:
    """Analysis by one process and by one for each core."""
    records = list(holdings.records(range(count)))
    pages = sum(len(record.pages) for record in records)
    cores = os.cpu_count() or 1

    def batches() -> list[list[Plan]]:
        plans = [
            Plan("document", r.family, [Step(Action.INDEX, r.ref, 1, r.labels, record=r)])
            for r in records
        ]
        return [plans[n : n + 20] for n in range(0, count, 20)]

    speeds = []
    for jobs in (1, cores):
        with Analysts(jobs) as analysts:
            for _ in analysts.analysed(batches()):  # started, and the words known to each
                pass
            if jobs == 1:
                speeds.append(rate(pages, lambda: [record.analysed(1) for record in records]))
            else:
                work = batches()
                speeds.append(rate(pages, lambda: list(analysts.analysed(work))))  # noqa: B023
    row(f"analysis, pages/s by 1 process / {cores}", " / ".join(f"{s:.0f}" for s in speeds))
    row("analysis, gained by all cores", f"{speeds[1] / speeds[0]:.2f}")


# Searching while a rebuild runs ---------------------------------------------------------------
def during_a_rebuild(name: str, engine: Engine, viewer: Viewer, asked: Sequence[str]) -> None:
    """The same questions without and with a process that writes the index anew."""
    access = Access.for_labels(viewer.labels)
    queries = [parse(text).query for text in asked]

    def times() -> list[float]:
        return [
            _patiently(lambda q=q: engine.search(q, access))  # type: ignore[misc]
            for q in queries
        ]

    times()
    without = times()
    load = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.large", "--load", name],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert load.stdout is not None
        load.stdout.readline()  # it says when it has begun
        time.sleep(LOAD_WAIT)
        during = times()
    finally:
        load.send_signal(signal.SIGINT)  # it takes its index away then
        load.wait()
    row(
        f"{name}: p50 without/during a rebuild, ms", f"{median(without):.1f} / {median(during):.1f}"
    )
    row(f"{name}: p95 without/during a rebuild, ms", f"{p95(without):.1f} / {p95(during):.1f}")
    row(f"{name}: slowed at p95", f"{p95(during) / p95(without):.2f}", "at most 1.5")


def load(name: str, holdings: Holdings, count: int) -> None:
    """Write documents again until stopped, as a rebuild does."""
    os.nice(10)
    # A shell's background jobs, and what they start, ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    server = engines.beside() if name == engines.ELASTICSEARCH else None
    target: Engine = server.beside() if server is not None else engines.embedded()
    try:
        # It is interrupted when enough was seen.
        with suppress(KeyboardInterrupt):
            while True:
                for first in range(0, count, 100):
                    target.index(holdings.docs(range(first, min(first + 100, count)), version=2))
    finally:
        if isinstance(target, ElasticsearchEngine):
            target.drop()
