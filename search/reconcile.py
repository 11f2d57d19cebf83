"""Two-way drift between database and index, and its repair.

Invariant: comparing changes nothing. Repair takes away first what nobody, or fewer people, may
find, and then brings the rest in step, each thing from its present state.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coalitions.language import ANALYSER_VERSION
from search.engines import engine
from search.indexed import objects, parse_ref, records_of
from search.keeping import bring_up_to_date, clock
from search.planning import Action, plan


@dataclass
class Drift:
    """Refs by what is wrong with them, and the things to bring in step."""

    missing: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    mislabelled: set[str] = field(default_factory=set)
    extra: set[str] = field(default_factory=set)
    things: set[tuple[str, str]] = field(default_factory=set)
    compared: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.mislabelled or self.extra)

    def summary(self) -> str:
        """Numbers only."""
        return (
            f"{self.compared} records compared; {len(self.missing)} missing, "
            f"{len(self.stale)} with old text, {len(self.mislabelled)} with other labels, "
            f"{len(self.extra)} that should not be there"
        )


def compare() -> Drift:
    """Look at everything that is indexed or should be."""
    drift = Drift()
    held = dict(engine().held())
    for kind, key in objects():
        for record in records_of(kind, key):
            drift.compared += 1
            known = held.pop(record.ref, None)
            action = plan(known, record.labels, record.fingerprint, ANALYSER_VERSION)
            if action is Action.SKIP:
                continue
            drift.things.add((kind, key))
            if known is None:
                drift.missing.add(record.ref)
            elif known.labels != record.labels:
                drift.mislabelled.add(record.ref)
            else:
                drift.stale.add(record.ref)
    drift.extra |= held.keys()
    return drift


def repair(drift: Drift) -> None:
    """Bring what drifted in step, from its present state."""
    for ref in sorted(drift.extra):
        try:
            found = parse_ref(ref)
            bring_up_to_date(found.kind, str(found.key))
        except (KeyError, ValueError):
            engine().delete([ref])
    for kind, key in sorted(drift.things):
        bring_up_to_date(kind, key)


def rebuild() -> Drift:
    """Analyse and write everything again, record by record; searching goes on meanwhile.

    Returns what differs afterwards, beyond what changed in the meantime: nothing, if all is well.
    """
    started = clock()
    for kind, key in objects():
        bring_up_to_date(kind, key, force=True)
    left = [ref for ref, known in engine().held().items() if known.version < started]
    repair(Drift(extra=set(left)))
    return compare()
