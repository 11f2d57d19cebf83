"""The status of search in the format of Prometheus.

Invariant: numbers are read when they are asked for, from the database that all processes share;
only the breaker is that of the process that answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from search.breaker import State
from search.status import EngineStatus, status

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_PER_ENGINE: Final = {
    "waiting": "Objects that the index has not learned yet",
    "oldest_seconds": "Age of the oldest of them",
    "set_aside": "Outbox rows that failed ten times and wait for somebody",
    "paused": "1 while the worker leaves the engine alone after trouble",
    "current": "1 while the index is whole and takes changes",
    "drift_records": "Records that the last comparison found wrong",
    "verified_seconds": "Age of the last comparison; -1: never",
    "dropped_hits": "Hits since then that the database disposed of",
    "analyser_version": "Version of the analyser that the index was built with; -1: not built",
}


def _values(engine: EngineStatus) -> dict[str, float]:
    return {
        "waiting": engine.waiting,
        "oldest_seconds": engine.oldest_s or 0,
        "set_aside": engine.set_aside,
        "paused": engine.paused,
        "current": engine.current,
        "drift_records": engine.differs,
        "verified_seconds": -1 if engine.verified_s is None else engine.verified_s,
        "dropped_hits": engine.dropped,
        "analyser_version": -1 if engine.analyser is None else engine.analyser,
    }


class SearchCollector(Collector):
    """Collects when it is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every gauge."""
        now = status()
        values = {engine.name: _values(engine) for engine in now.engines}
        for name, words in _PER_ENGINE.items():
            gauge = GaugeMetricFamily(f"portal_search_{name}", words, labels=["engine"])
            for engine, found in values.items():
                gauge.add_metric([engine], found[name])
            yield gauge
        answers = GaugeMetricFamily("portal_search_answers", "Who answers", labels=["engine"])
        for engine in values:
            answers.add_metric([engine], float(engine == now.answers))
        yield answers
        yield GaugeMetricFamily(
            "portal_search_breaker_open",
            "1 while the engine beside the database is not asked",
            value=float(now.breaker != State.CLOSED.value),
        )
        yield GaugeMetricFamily(
            "portal_search_withheld", "Records withheld until it has learned", value=now.withheld
        )


def exposition() -> bytes:
    """What a scraper reads."""
    registry = CollectorRegistry()
    registry.register(SearchCollector())
    return generate_latest(registry)
