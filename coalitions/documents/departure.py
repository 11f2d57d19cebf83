"""What becomes of an organisation's documents when it leaves a coalition: the rule, and a dry run.

Invariant: the page and the act ask the same question, `goes`. A dry run tells of the organisation's
own documents to its administrators; to everybody else of those that they see, and of no place that
they do not see.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from coalitions.access import Rung, Viewer
from coalitions.documents.models import (
    Document,
    DocumentAudience,
    DocumentLink,
    Reservation,
    ResumableUpload,
    ShareRequest,
)
from coalitions.network.models import (
    Coalition,
    CoalitionMembership,
    OnLeaving,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.permissions import is_administrator
from coalitions.network.presentation import workspace_title


def goes(rule: str, lasting: Rung | str) -> bool:
    """Return whether a document goes with its owner. `lasting`: its rung when all ends are over.

    What the owner alone sees for good, or shared with others for a time only, was never given to
    the coalition: it goes under either rule.
    """
    return rule == OnLeaving.GO or lasting == Rung.ORGANISATION


def documents_in(coalition: Coalition, organisation: Organisation) -> QuerySet[Any]:
    """Return the organisation's documents in the coalition's workspaces, also the trashed ones.

    Each with `rung` now and `lasting` when all ends are over.
    """
    lasting = DocumentAudience.objects.filter(document=OuterRef("pk"), until__isnull=True)
    owned = Document.objects.filter(owner=organisation, workspace__coalition=coalition)
    found: QuerySet[Any] = owned.with_audience().annotate(lasting=Subquery(lasting.values("rung")))
    return found


@dataclass(frozen=True)
class PlacePlan:
    """One workspace: how many documents stay and go, how many of its people leave."""

    title: str
    need_to_know: bool
    going: int
    staying: int
    trashed: int
    people: int


@dataclass(frozen=True)
class Plan:
    """The dry run. `lost`: going documents by the rung that they are seen on now.

    `hidden_from_own`: staying ones that its own people see no longer, now or when all ends are
    over. `state`: what a confirmation is bound to.
    """

    rule: str
    is_own: bool
    places: list[PlacePlan]
    lost: dict[str, int]
    hidden_from_own: int
    people: int
    requests: int
    reservations: int
    links: int
    uploads: int
    state: str = field(default="", compare=False)

    @property
    def going(self) -> int:
        """How many documents go."""
        return sum(place.going for place in self.places)

    @property
    def ends_something(self) -> bool:
        """Whether anything is open that ends."""
        return bool(self.requests or self.reservations or self.links or self.uploads)

    @property
    def staying(self) -> int:
        """How many documents stay."""
        return sum(place.staying for place in self.places)


def plan_for(
    user: Any, viewer: Viewer, coalition: Coalition, organisation: Organisation
) -> Plan | None:
    """Return what will happen, as far as this person may know; None where it is no member."""
    membership = (
        CoalitionMembership.objects.in_force()
        .filter(coalition=coalition, organisation=organisation)
        .first()
    )
    if membership is None:
        return None
    own = is_administrator(user, organisation)
    found = documents_in(coalition, organisation)
    placed = WorkspaceMembership.objects.active().filter(
        workspace__coalition=coalition, organisation=organisation
    )
    if not own:
        found = found.filter(
            pk__in=Document.objects.visible_to(viewer), workspace__uuid__in=viewer.workspaces
        )
        placed = placed.filter(workspace__uuid__in=viewer.workspaces)
    return _planned(membership, own, viewer, list(found.order_by("pk")), placed)


def _planned(
    membership: CoalitionMembership,
    own: bool,
    viewer: Viewer,
    documents: list[Any],
    placed: QuerySet[WorkspaceMembership],
) -> Plan:
    coalition, rule = membership.coalition, membership.on_leaving
    people = dict(placed.values_list("workspace").annotate(Count("person", distinct=True)))
    going = {row.pk for row in documents if goes(rule, row.lasting)}
    places = []
    for place in Workspace.objects.filter(coalition=coalition).order_by("pk"):
        inside = place.uuid in viewer.workspaces
        here = [row for row in documents if row.workspace_id == place.pk]
        if not (inside or own) or not (here or people.get(place.pk)):
            continue
        places.append(
            PlacePlan(
                title=place.name if inside else workspace_title(place),
                need_to_know=place.need_to_know,
                going=sum(row.pk in going for row in here),
                staying=sum(row.pk not in going for row in here),
                trashed=sum(row.trashed is not None for row in here),
                people=people.get(place.pk, 0),
            )
        )
    lost = [row for row in documents if row.pk in going and row.trashed is None]
    facts: dict[str, Any] = {
        "rule": rule,
        "is_own": own,
        "places": sorted(places, key=lambda place: place.title),
        "lost": _by_rung(row.rung for row in lost),
        "hidden_from_own": sum(
            row.pk not in going and Rung.MEMBERS in (row.rung, row.lasting) for row in documents
        ),
        "people": placed.values("person").distinct().count(),
        **_ending(membership, own, documents, going),
    }
    state = repr((facts, [(row.pk, row.rung, row.lasting, row.workspace_id) for row in documents]))
    return Plan(**facts, state=hashlib.sha256(state.encode()).hexdigest()[:32])


def _by_rung(rungs: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for rung in rungs:
        if rung != Rung.ORGANISATION:
            counts[rung] = counts.get(rung, 0) + 1
    return dict(sorted(counts.items()))


def _ending(
    membership: CoalitionMembership, own: bool, documents: list[Any], going: set[int]
) -> dict[str, int]:
    """Count what ends; of what the organisation alone knows of, nothing to others."""
    if not own:
        return {"requests": 0, "reservations": 0, "links": 0, "uploads": 0}
    coalition, organisation = membership.coalition, membership.organisation
    keys = [row.pk for row in documents]
    held = Reservation.objects.in_force().filter(document__workspace__coalition=coalition)
    others = held.filter(document__in=going).exclude(organisation=organisation)
    own_ones = held.filter(organisation=organisation).exclude(document__in=going)
    return {
        "requests": ShareRequest.objects.open().filter(document__in=keys).count(),
        "reservations": others.count() + own_ones.count(),
        "links": DocumentLink.objects.not_ended().filter(document__in=keys).count(),
        "uploads": uploads_in(coalition, organisation).count(),
    }


def uploads_in(coalition: Coalition, organisation: Organisation) -> QuerySet[ResumableUpload]:
    """Return the unfinished uploads of the organisation's people into the coalition's places."""
    return ResumableUpload.objects.filter(
        state=ResumableUpload.State.SENDING,
        workspace__coalition=coalition,
        organisation=organisation,
    )
