"""The dated rows that say how far a document is shared, from now on and later.

Invariant: at every instant exactly one row is in force. What is written ahead only ever narrows:
a document that is shared further for a time falls back, rung by rung, to where it stood before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from coalitions.access import LADDER, Rung
from coalitions.crash_points import reached
from coalitions.documents.labels import labels_of_audience, ladder_of
from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.permissions import height
from coalitions.documents.services.ending_links import bind_links
from coalitions.documents.signals import document_changed
from coalitions.network import audit
from coalitions.network.models import Organisation


@dataclass(frozen=True)
class Stretch:
    """From `since`, until the next one, the document stands on `rung`."""

    since: datetime
    rung: Rung


class Schedule:
    """The row in force and those written ahead, in order; read under the document's lock."""

    def __init__(self, document: Document, at: datetime | None = None) -> None:
        moment = at or timezone.now()
        # One that was written ahead and given up has an interval without an instant.
        alive = Q(until__gt=moment) & Q(until__gt=F("since"))
        rows = document.audiences.filter(Q(until__isnull=True) | alive)
        self.rows: list[DocumentAudience] = list(rows.order_by("since", "pk"))
        self.document = document
        self.now = max(moment, self.current.since)

    @property
    def current(self) -> DocumentAudience:
        """The row in force."""
        return self.rows[0]

    @property
    def rung(self) -> Rung:
        """Where the document stands now."""
        return Rung(self.current.rung)

    @property
    def ahead(self) -> list[Stretch]:
        """What was written ahead."""
        return [Stretch(row.since, Rung(row.rung)) for row in self.rows[1:]]

    def with_rung(self, rung: Rung, until: datetime | None) -> list[Stretch]:
        """Return what is to be when the document stands on `rung` now, at most until `until`."""
        first = Stretch(self.now, rung)
        if until is not None:
            return [first, *self._beneath(rung, until)]
        # A step back keeps the ends that were set, as far as they lead further back.
        return (
            [first, *(s for s in self.ahead if height(s.rung) < height(rung))]
            if (height(rung) < height(self.rung))
            else [first]
        )

    def _beneath(self, rung: Rung, until: datetime) -> list[Stretch]:
        """Return what follows at `until`: what would be so then without the new step."""
        base = [Stretch(self.now, self.rung), *self.ahead]
        if rung == self.rung:
            base = base[1:]
        before = [stretch for stretch in base if stretch.since <= until]
        then = before[-1] if before else base[0]
        return [Stretch(until, then.rung), *(s for s in base if s.since > until and s is not then)]

    def sealed(self) -> list[Stretch]:
        """Return the same, no further than child data may be seen."""
        ladder = ladder_of(self.document, child_data=True)
        kept: list[Stretch] = []
        for stretch in (Stretch(self.now, self.rung), *self.ahead):
            rung = stretch.rung
            if rung not in ladder:
                rung = ladder[-1] if rung in LADDER else ladder[0]
            if not kept or kept[-1].rung != rung:
                kept.append(Stretch(stretch.since, rung))
        return kept


def write(
    schedule: Schedule,
    stretches: Sequence[Stretch],
    *,
    child_data: bool,
    acting_user: Any,
    verb: str,
    organisation: Organisation | None = None,
) -> DocumentAudience:
    """End the row in force and begin the next at the same instant; tell whoever listens.

    `organisation`: that decides it, the owner where None. `acting_user`: None for the system.
    """
    current, document = schedule.current, schedule.document
    as_before = [(s.since, s.rung) for s in stretches[1:]] == [
        (s.since, s.rung) for s in schedule.ahead
    ]
    same = (current.rung, current.child_data) == (stretches[0].rung.value, child_data)
    if same and as_before:
        return current
    before = labels_of_audience(document, current)
    current.end(schedule.now)
    DocumentAudience.objects.filter(pk=current.pk).update(planned=False)
    for row in schedule.rows[1:]:
        # It never begins: an empty interval tells that it was planned once.
        DocumentAudience.objects.filter(pk=row.pk).update(until=row.since, planned=False)
    reached("sharing.row-ended")
    ends: list[datetime | None] = [stretch.since for stretch in stretches[1:]]
    rows = [
        DocumentAudience.objects.create(
            document=document,
            rung=stretch.rung,
            child_data=child_data,
            decided_by=acting_user or current.decided_by,
            organisation=organisation or document.owner,
            since=stretch.since,
            until=end,
            planned=place > 0,
        )
        for place, (stretch, end) in enumerate(zip(stretches, [*ends, None], strict=True))
    ]
    reached("sharing.row-begun")
    bind_links(
        document,
        child_data=child_data,
        narrower=height(stretches[0].rung) < height(schedule.rung),
        narrows=ends[0] if ends else None,
        acting_user=acting_user,
    )
    audit.record(
        verb,
        acting_user=acting_user,
        acting_organisation=organisation or document.owner,
        thing=document,
        before=current.rung,
        after=rows[0].rung,
        **({"until": ends[0].isoformat()} if ends and ends[0] else {}),
    )
    # Where the row in force was not announced yet, who listens still knows the wider one before it.
    tightened = current.planned or bool(before - labels_of_audience(document, rows[0]))
    document_changed.send(sender=Document, document=document, audience_tightened=tightened)
    reached("sharing.before-commit")
    return rows[0]
