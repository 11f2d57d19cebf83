"""`python -m tests.benchmarks.large`: BENCH_DOCUMENTS documents (10,000 where it is not set).

The database with the documents is kept in var/bench and used again; Elasticsearch is measured
too where ELASTICSEARCH_URL says where it is, with indices of its own that are removed at the end.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

DOCUMENTS = 10_000
SMALL = 1_000
WRITTEN = 400
ANALYSED = 2_000
QUESTIONS = 200
# Raise when the documents change.
GENERATION = 1


def _count() -> int:
    return max(int(os.environ.get("BENCH_DOCUMENTS", DOCUMENTS)), SMALL)


def _set_up(count: int) -> Path:
    root = Path(__file__).resolve().parents[3]
    steps = sorted(p.stem for p in (root / "search" / "migrations").glob("0*.py"))
    folder = Path(os.environ.get("BENCH_FOLDER", root / "var" / "bench"))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{count}-{GENERATION}-{steps[-1]}.sqlite3"
    os.environ["DATABASE_URL"] = f"sqlite:///{path}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    import django

    django.setup()
    return path


def _server(count: int) -> str:
    """The address of Elasticsearch; settings for tests have none."""
    from django.conf import settings

    address = os.environ.get("ELASTICSEARCH_URL", "")
    settings.ELASTICSEARCH = {
        "url": address,
        "api_key": os.environ.get("ELASTICSEARCH_API_KEY", ""),
        "ca_certs": os.environ.get("ELASTICSEARCH_CA_CERTS", ""),
        "prefix": f"bench-{count}",
    }
    return address


def _without_server() -> None:
    from django.conf import settings

    settings.ELASTICSEARCH = {**settings.ELASTICSEARCH, "url": ""}


def _prepare(path: Path, count: int) -> Any:
    """The database with its documents, made now or kept from an earlier run."""
    from django.core.management import call_command
    from django.db import connection

    from coalitions.language import ANALYSER_VERSION
    from search import engines, watching
    from search.models import OutboxRow
    from tests.benchmarks.large.holdings import Holdings
    from tests.benchmarks.large.timing import milliseconds, say

    ready = path.with_suffix(f".analyser-{ANALYSER_VERSION}")
    if ready.exists() and path.exists():
        call_command("migrate", verbosity=0)
        watching.lift(connection)
        return Holdings.read()
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    call_command("migrate", verbosity=0)
    # Nothing has to be noted here: the index is written below.
    watching.lift(connection)
    holdings = Holdings.make()
    took = milliseconds(lambda: holdings.fill(count))
    say(f"  {count} documents written to the database in {took / 1000:.0f} s")
    engine = engines.embedded()
    took = milliseconds(lambda: engine.index(holdings.docs(range(count))))
    say(f"  and to the embedded index in {took / 1000:.0f} s")
    engine.tidy()
    OutboxRow.objects.all().delete()
    ready.touch()
    return holdings


def _report(path: Path, count: int) -> None:
    from coalitions.network.viewers import viewer_for
    from search import engines
    from search.models import OutboxRow
    from tests.benchmarks.large import measures
    from tests.benchmarks.large.questions import questions
    from tests.benchmarks.large.timing import say

    address = _server(count)
    say(f"\nSearch over {count} documents{'' if address else ', without Elasticsearch'}")
    holdings = _prepare(path, count)
    OutboxRow.objects.all().delete()
    viewer = viewer_for(holdings.member)
    say(f"  a viewer with {len(viewer.labels)} labels, {QUESTIONS} questions, ten hits\n")
    asked = questions(holdings.texts.lexicons, QUESTIONS)
    measures.indexing(holdings, WRITTEN, server=bool(address))
    measures.analysing(holdings, ANALYSED)
    _without_server()
    measures.find_against_raw("embedded", engines.embedded(), viewer, asked)
    measures.during_a_rebuild("embedded", engines.embedded(), viewer, asked)
    if address:
        _server(count)
        _report_server(holdings, count, viewer, asked)


def _report_server(holdings: Any, count: int, viewer: Any, asked: list[str]) -> None:
    from django.utils import timezone

    from coalitions.language import ANALYSER_VERSION
    from search import engines
    from search.engines.base import Access
    from search.evaluation.apart import elasticsearch_apart
    from search.models import Feed
    from tests.benchmarks.large import measures
    from tests.benchmarks.large.timing import milliseconds, row, say

    server = engines.beside()
    assert server is not None
    access = Access.for_labels(viewer.labels)
    try:
        server.drop()
        server.ensure()
        took = milliseconds(lambda: server.index(holdings.docs(range(count))))
        server.refresh_now()
        say(f"  {server.count()} documents written to Elasticsearch in {took / 1000:.0f} s")
        state = {"built": timezone.now(), "analyser": ANALYSER_VERSION}
        Feed.objects.update_or_create(name=server.name, defaults=state)
        measures.find_against_raw("elasticsearch", server, viewer, asked)
        with elasticsearch_apart() as small:
            small.index(holdings.docs(range(SMALL)))
            few = measures.raw_p95(small, access, asked)
            many = measures.raw_p95(server, access, asked)
        name = f"elasticsearch: p95 at {count} against {SMALL}"
        row(name, f"{many:.1f} / {few:.1f} = {many / few:.2f}", "at most 2")
        measures.during_a_rebuild("elasticsearch", server, viewer, asked)
    finally:
        server.drop()
        Feed.objects.filter(name=server.name).delete()


def main() -> None:
    """The report, or the load that one of its measurements asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large")
    parser.add_argument("--load", metavar="ENGINE", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    count = _count()
    path = _set_up(count)
    if options.load:
        from tests.benchmarks.large import measures
        from tests.benchmarks.large.holdings import Holdings

        _server(count) if options.load == "elasticsearch" else _without_server()
        measures.load(options.load, Holdings.read(), count)
    else:
        _report(path, count)


if __name__ == "__main__":
    main()
