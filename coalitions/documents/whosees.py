"""Who can see a document now: organisations, the number of people, and for its owner their names.

Invariant: everything is counted with the eyes of the viewer, as `reach` does it in words; only
whoever decides who can see the document is told of everybody.
"""

from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from coalitions.access import LADDER, Rung, Viewer
from coalitions.documents.models import Document
from coalitions.network.dated import in_force
from coalitions.network.models import (
    Affiliation,
    CoalitionMembership,
    Organisation,
    WorkspaceMembership,
)


class WhoSees:
    """The people of the rungs that a document has reached, as far as the viewer knows of them."""

    def __init__(self, document: Document, rung: Rung, viewer: Viewer, *, decides: bool) -> None:
        self.document, self.viewer, self.decides = document, viewer, decides
        reached = LADDER[: LADDER.index(rung) + 1] if rung in LADDER else (Rung.WORKSPACE,)
        self.rungs = [step for step in reached if self._is_known(step)]
        self.everybody = rung is Rung.PUBLIC
        self.is_whole = len(self.rungs) == len([s for s in reached if s is not Rung.PUBLIC])

    def _is_known(self, rung: Rung) -> bool:
        place, viewer = self.document.workspace, self.viewer
        if rung is Rung.PUBLIC:
            return False
        if self.decides:
            return rung is not Rung.COALITION or place.coalition_id is not None
        known = {
            Rung.ORGANISATION: self.document.owner.uuid in viewer.organisations,
            Rung.WORKSPACE: place.uuid in viewer.workspaces,
            Rung.COALITION: place.coalition_uuid in viewer.coalitions,
            Rung.NETWORK: viewer.sees_network,
        }
        return known[rung]

    @cached_property
    def _affiliations(self) -> Q:
        """The affiliations that let people of known rungs see it, memberships aside."""
        condition = Q(pk__in=[])
        if Rung.ORGANISATION in self.rungs:
            condition |= Q(organisation=self.document.owner_id)
        if Rung.COALITION in self.rungs:
            members = CoalitionMembership.objects.filter(
                in_force(), coalition=self.document.workspace.coalition_id
            )
            condition |= Q(organisation__in=members.values("organisation"))
        if Rung.NETWORK in self.rungs:
            condition |= ~Q(organisation__kind=Organisation.Kind.PARTNER)
        return condition

    @property
    def _memberships(self) -> QuerySet[WorkspaceMembership]:
        rows = WorkspaceMembership.objects.active().filter(workspace=self.document.workspace_id)
        return rows if Rung.WORKSPACE in self.rungs else rows.none()

    def people(self) -> QuerySet[Any]:
        """Return the people of the known rungs, by name."""
        affiliated = Affiliation.objects.active().filter(self._affiliations, person=OuterRef("pk"))
        placed = self._memberships.filter(person=OuterRef("pk"))
        people = get_user_model()._default_manager.filter(is_active=True)
        return people.filter(Q(Exists(affiliated)) | Q(Exists(placed))).order_by("name", "pk")

    def organisations(self) -> list[Organisation]:
        """Return the organisations of those people that the viewer may see, by name."""
        affiliated = Affiliation.objects.active().filter(self._affiliations)
        rows = Organisation.objects.visible_to(self.viewer).filter(
            Q(pk__in=affiliated.values("organisation"))
            | Q(pk__in=self._memberships.values("organisation"))
        )
        return sorted(rows, key=lambda row: row.name.casefold())

    def with_organisations(self, people: list[Any]) -> list[dict[str, Any]]:
        """Return each of these people with the names of their visible organisations."""
        seen = {row.pk: row for row in Organisation.objects.visible_to(self.viewer)}
        held: dict[int, list[Organisation]] = {}
        for person, organisation in (
            Affiliation.objects.active()
            .filter(person__in=people)
            .order_by("pk")
            .values_list("person", "organisation")
        ):
            if organisation in seen:
                held.setdefault(person, []).append(seen[organisation])
        return [{"person": person, "of": held.get(person.pk, [])} for person in people]
