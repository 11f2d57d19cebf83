"""Kills the worker that feeds or builds an index at named points; run by test_search_faults.py.

Prints one JSON line per point: {"point": …, "killed": …, "problems": […]}. A process of its own,
because it forks, and because what is tested are commits to a database file.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable
from typing import Any

import django

from tests.documents.crash_driver import in_child

FEEDING = ("indexing.rows-read", "indexing.engine-written", "indexing.rows-removed")
BUILDING = ("rebuilding.batch-written", "rebuilding.before-swap", "rebuilding.swapped")
BESIDE = "elasticsearch"


class Drill:
    """A small world in both indexes."""

    def __init__(self) -> None:
        from search import engines, outbox
        from search.rebuilding import rebuild
        from tests import worlds

        owner = worlds.make_organisation()
        workspace = worlds.make_workspace(worlds.make_coalition(owner))
        self.documents = [worlds.make_document(workspace, owner, pages=("x",)) for _ in range(6)]
        outbox.drain()
        rebuild(engines.named(BESIDE))
        self.round = 0

    def change(self) -> None:
        from coalitions.documents.models import Document
        from search import outbox

        self.round += 1
        Document.objects.update(title=f"Round {self.round}")
        outbox.drain(only="embedded")

    def feed(self) -> None:
        from search import outbox

        outbox.drain(only=BESIDE)

    def build(self) -> None:
        from search import engines
        from search.rebuilding import rebuild

        rebuild(engines.named(BESIDE))

    def after(self) -> list[str]:
        """An hour passes; the worker comes again; everything must agree, nothing be left over."""
        from datetime import timedelta

        from django.utils import timezone

        from search import engines, outbox, tasks
        from search.models import Feed, OutboxRow
        from search.rebuilding import rebuild
        from search.reconcile import compare

        earlier = timezone.now() - timedelta(hours=1)
        OutboxRow.objects.filter(claimed__isnull=False).update(claimed=earlier)
        Feed.objects.update(paused_until=None)
        Feed.objects.filter(rebuilding__isnull=False).update(rebuilding=earlier)
        beside: Any = engines.named(BESIDE)
        problems = [] if beside.is_there() else ["the live index is gone"]
        tasks.drain_outbox()
        outbox.drain()
        problems += [
            f"{e.name} differs: {d.summary()}" for e in engines.engines() if (d := compare(e))
        ]
        problems += ["rows are left"] if OutboxRow.objects.exists() else []
        rebuild(beside)
        problems += [f"differs: {d.summary()}"] if (d := compare(beside)) else []
        return problems


def main(url: str) -> None:
    """Go through every point."""
    django.setup()
    from django.conf import settings

    from portal.celery import app

    app.conf.task_always_eager = False
    settings.ELASTICSEARCH = {
        **settings.ELASTICSEARCH,
        "url": url,
        "prefix": f"crashes-{secrets.token_hex(4)}",
    }
    drill = Drill()
    scenarios: list[tuple[tuple[str, ...], Callable[[], None]]] = [
        (FEEDING, drill.feed),
        (BUILDING, drill.build),
    ]
    for points, act in scenarios:
        for point in points:
            drill.change()
            killed = in_child(point, act)
            line = {"point": point, "killed": killed, "problems": drill.after()}
            print(json.dumps(line), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
