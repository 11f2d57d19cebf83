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

    `current`: whether its index is whole and has most of what changed. `retrying`: how many of
    those that wait failed before. `drift`: what the last comparison found; `dropped`: hits since
    then that the database disposed of.
    """

    name: str
    current: bool
    waiting: int
    retrying: int
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

    def in_words(self) -> Iterator[tuple[str, str]]:
        """Each fact with a name for people."""
        differs = [f"{n} {_DRIFT.get(kind, kind)}" for kind, n in self.drift.items() if n]
        built = datetime.fromisoformat(self.built) if self.built else None
        yield "Whole and fed", _yes_no(self.current)
        yield "Changes that wait", f"{self.waiting}, of which {self.retrying} failed before"
        yield "The oldest of them", "-" if self.oldest_s is None else _ago(self.oldest_s)
        yield "Set aside after ten failures", str(self.set_aside)
        yield "Paused after trouble, or held by a rebuild", _yes_no(self.paused)
        yield "Being rebuilt", _yes_no(self.rebuilding)
        yield "Last rebuilt", f"{built:%Y-%m-%d %H:%M} UTC" if built else "never"
        yield "Built with analyser", "-" if self.analyser is None else str(self.analyser)
        yield "Compared with the database", _ago(self.verified_s)
        yield "Differences found then", ", ".join(differs) or "none"
        yield "Results dropped since then", str(self.dropped)


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
        yield f"Answered by: {_LONG_NAMES.get(self.answers, self.answers)}"
        yield f"Analyser of this version: {self.analyser}"
        yield f"Breaker: {_BREAKER.get(self.breaker, self.breaker)}"
        yield f"Withheld until an index has learned of a narrowed audience: {self.withheld}"
        for engine in self.engines:
            yield ""
            yield f"{_LONG_NAMES.get(engine.name, engine.name)} (--engine {engine.name})"
            for words, value in engine.in_words():
                yield f"  {words}: {value}"


# As the summary of a comparison says it.
_DRIFT = {
    "missing": "missing",
    "stale": "with old text",
    "mislabelled": "with other labels",
    "extra": "that should not be there",
    "misplaced": "wrong among the public",
}
_LONG_NAMES = {"embedded": "The index in the database", "elasticsearch": "Elasticsearch"}
_BREAKER = {
    State.CLOSED.value: "closed, as it should be",
    State.OPEN.value: "open; Elasticsearch failed and is not asked for now",
    State.PROBING.value: "probing; one search tries Elasticsearch again",
}


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _ago(seconds: int | None) -> str:
    """An age in the unit that people would choose."""
    if seconds is None:
        return "never"
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} seconds ago"


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
        retrying=Count("pk", filter=due & Q(attempts__gt=0)),
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
        retrying=rows["retrying"],
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
