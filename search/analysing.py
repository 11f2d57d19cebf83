"""Analysis over all cores: processes that turn records into what engines take.

Invariant: they know no database, and end with the process that started them, however that ends.
This module imports nothing of Django's, because it is imported before Django is set up there.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from search.engines.index_docs import IndexDoc
    from search.keeping import Plan
    from search.records import Record

# Searching goes first, on every core.
NICENESS: Final = 10
_AHEAD: Final = 2
_LOOK_EVERY_SECONDS: Final = 1.0


def _ready(parent: int) -> None:
    os.nice(NICENESS)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import django

    django.setup()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(1)


def _analyse(work: list[tuple[Record, int]]) -> list[IndexDoc]:
    return [record.analysed(version) for record, version in work]


class Analysts(AbstractContextManager["Analysts"]):
    """`jobs` processes; with one job, the calling process does the work itself."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Analysts:
        if self.jobs > 1:
            self._pool = ProcessPoolExecutor(
                self.jobs,
                # A forked process would share the parent's connections to the database.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_ready,
                initargs=(os.getpid(),),
            )
        return self

    def __exit__(self, *exception: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def analysed(self, batches: Iterable[list[Plan]]) -> Iterator[list[Plan]]:
        """The same batches in the same order, ready to be written; a few are read ahead."""
        under_way: deque[tuple[list[Plan], Future[list[IndexDoc]] | None]] = deque()
        for batch in batches:
            under_way.append((batch, self._send(batch)))
            if len(under_way) > self.jobs * _AHEAD or self._pool is None:
                yield _received(*under_way.popleft())
        while under_way:
            yield _received(*under_way.popleft())

    def _send(self, batch: list[Plan]) -> Future[list[IndexDoc]] | None:
        if self._pool is None:
            return None
        work = [
            (step.record, step.version)
            for made in batch
            for step in made.steps
            if step.record is not None
        ]
        return self._pool.submit(_analyse, work)


def _received(batch: list[Plan], docs: Future[list[IndexDoc]] | None) -> list[Plan]:
    if docs is not None:
        ready = iter(docs.result())
        for made in batch:
            for step in made.steps:
                if step.record is not None:
                    step.doc, step.record = next(ready), None
    return batch
