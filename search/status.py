"""How search stands, in numbers and codes, for whoever operates the portal.

Invariant: nothing here tells what is indexed: no text, no titles, no queries, no identifiers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from coalitions.language import ANALYSER_VERSION
from search import engines
from search.asking import breaker, is_current
from search.breaker import State
from search.models import Feed, OutboxRow, Withheld


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """One engine. Ages are in seconds; None where there is nothing to be old.

    `current`: whether its index is whole and has most of what changed. `drift`: what the last
    comparison found; `dropped`: hits since then that the database disposed of.
    """

    name: str
    current: bool
    waiting: int
    oldest_s: int | None
    set_aside: int
    paused: bool
    rebuilding: bool
    built: str | None
    analyser: int | None
    verified_s: int | None
    drift: dict[str, int] = field(default_factory=dict)
    dropped: int = 0

    @property
    def differs(self) -> int:
        """How many records the last comparison found wrong."""
        return sum(self.drift.values())


@dataclass(frozen=True, slots=True)
class Status:
    """All of it. `answers`: the engine that would be asked now, by this process."""

    answers: str
    analyser: int
    breaker: str
    withheld: int
    engines: tuple[EngineStatus, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The same for people."""
        yield f"answers: {self.answers}"
        yield f"analyser: {self.analyser}"
        yield f"breaker: {self.breaker}"
        yield f"withheld: {self.withheld}"
        for engine in self.engines:
            yield f"{engine.name}:"
            for name, value in asdict(engine).items():
                if name == "drift":
                    shown = ", ".join(f"{n} {kind}" for kind, n in value.items() if n) or "none"
                elif name != "name":
                    shown = _in_words(value)
                else:
                    continue
                yield f"  {name}: {shown}"


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


def status() -> Status:
    """Look at rows, and at this process's breaker; no server is asked."""
    beside = engines.beside()
    answers = engines.EMBEDDED
    state = breaker().state if beside is not None else State.CLOSED
    if beside is not None and state is State.CLOSED and is_current(beside.name):
        answers = beside.name
    return Status(
        answers=answers,
        analyser=ANALYSER_VERSION,
        breaker=state.value,
        withheld=Withheld.objects.count(),
        engines=tuple(_engine(engine.name) for engine in engines.engines()),
    )


def _engine(name: str) -> EngineStatus:
    due = Q(set_aside=False)
    rows = OutboxRow.objects.filter(engine=name).aggregate(
        waiting=Count("pk", filter=due),
        oldest=Min("created", filter=due),
        set_aside=Count("pk", filter=~due),
    )
    feed = Feed.objects.filter(name=name).first() or Feed(name=name)
    now = timezone.now()
    embedded = name == engines.EMBEDDED
    return EngineStatus(
        name=name,
        current=embedded or is_current(name),
        waiting=rows["waiting"],
        oldest_s=_age(rows["oldest"], now),
        set_aside=rows["set_aside"],
        paused=feed.paused_until is not None and feed.paused_until > now,
        rebuilding=feed.rebuilding is not None,
        built=feed.built.isoformat() if feed.built else None,
        analyser=ANALYSER_VERSION if embedded else feed.analyser,
        verified_s=_age(feed.verified, now),
        drift=feed.drift,
        dropped=feed.dropped,
    )


def _age(moment: datetime | None, now: datetime) -> int | None:
    return max(0, int((now - moment).total_seconds())) if moment is not None else None
