"""visible_to(viewer) for the network's nouns, and what is in force.

Invariant: the filters say in SQL what `coalitions.network.labels` says of one object; a property
test over random worlds holds the two equal.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q

from coalitions.access import Viewer, user_label
from coalitions.network.dated import DatedQuerySet, in_force

if TYPE_CHECKING:
    from coalitions.network.models import Organisation, Workspace


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Listed ones carry `public`, unlisted ones `network`; all carry their own label."""
        condition = Q(uuid__in=viewer.organisations)
        if viewer.sees_public:
            condition |= Q(listed=True)
        if viewer.sees_network:
            condition |= Q(listed=False)
        return self.filter(condition)

    def not_suspended(self, at: datetime | None = None) -> Self:
        """Return those without a suspension in force at `at` (now, when None)."""
        from coalitions.network.models import Suspension

        suspended = Suspension.objects.in_force(at).filter(organisation=OuterRef("pk"))
        return self.filter(~Exists(suspended))

    def taking_part_in(self, workspace: "Workspace", at: datetime | None = None) -> Self:
        """Return the workspace's owner, or the organisations of its coalition in force at `at`."""
        if workspace.organisation_id is not None:
            return self.filter(pk=workspace.organisation_id)
        return self.filter(
            in_force(at, "coalition_memberships__"),
            coalition_memberships__coalition_id=workspace.coalition_id,
        ).distinct()


class AffiliationQuerySet(DatedQuerySet):
    """Affiliations."""

    def active(self, at: datetime | None = None) -> Self:
        """Return those in force of active people in organisations that are not suspended."""
        from coalitions.network.models import Suspension

        suspended = Suspension.objects.in_force(at).filter(organisation=OuterRef("organisation"))
        return self.in_force(at).filter(~Exists(suspended), person__is_active=True)


class CoalitionQuerySet(models.QuerySet[Any]):
    """Coalitions."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the viewer's coalitions, the listed, and to a secretariat all."""
        from coalitions.network.models import Organisation

        condition = Q(uuid__in=viewer.coalitions)
        if viewer.sees_public:
            condition = condition | Q(listed=True)
        if viewer.organisations:
            secretariat = Organisation.objects.filter(
                uuid__in=viewer.organisations, kind=Organisation.Kind.SECRETARIAT
            )
            condition = condition | Q(Exists(secretariat))
        return self.filter(condition)


class WorkspaceQuerySet(models.QuerySet[Any]):
    """Workspaces."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those the viewer is a member of."""
        return self.filter(uuid__in=viewer.workspaces)

    def of_participant(self, organisation: "Organisation", at: datetime | None = None) -> Self:
        """Return those an organisation takes part in, as its owner or through a coalition."""
        from coalitions.network.models import CoalitionMembership

        through_coalition = CoalitionMembership.objects.in_force(at).filter(
            coalition=OuterRef("coalition"), organisation=organisation
        )
        return self.filter(Q(organisation=organisation) | Exists(through_coalition))


class WorkspaceMembershipQuerySet(DatedQuerySet):
    """Memberships of workspaces."""

    def active(self, at: datetime | None = None) -> Self:
        """Return those in force, each through an active affiliation of a participant."""
        from coalitions.network.models import Affiliation, CoalitionMembership

        affiliation = Affiliation.objects.active(at).filter(
            person=OuterRef("person"), organisation=OuterRef("organisation")
        )
        takes_part = CoalitionMembership.objects.in_force(at).filter(
            coalition=OuterRef("workspace__coalition"), organisation=OuterRef("organisation")
        )
        return self.in_force(at).filter(
            Exists(affiliation),
            Q(workspace__organisation=models.F("organisation")) | Exists(takes_part),
        )


class ProgrammeQuerySet(models.QuerySet[Any]):
    """Programmes."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of visible coalitions, and those of none."""
        from coalitions.network.models import Coalition

        seen = Coalition.objects.visible_to(viewer).filter(pk=OuterRef("coalition"))
        condition = Q(Exists(seen))
        if viewer.sees_public:
            condition |= Q(coalition__isnull=True)
        return self.filter(condition)


def people_visible_to(viewer: Viewer) -> "models.QuerySet[Any]":
    """Return the people whose names the viewer may see: of a shared organisation or workspace.

    A person is visible to themself, unless suspensions have left them `public` only.
    """
    from coalitions.network.models import Affiliation, WorkspaceMembership

    colleagues: models.QuerySet[Affiliation] = Affiliation.objects.active().filter(
        person=OuterRef("pk"), organisation__uuid__in=viewer.organisations
    )
    companions = WorkspaceMembership.objects.active().filter(
        person=OuterRef("pk"), workspace__uuid__in=viewer.workspaces
    )
    condition = Q(Exists(colleagues)) | Q(Exists(companions))
    if viewer.user_uuid is not None and viewer.sees({user_label(viewer.user_uuid)}):
        condition |= Q(uuid=viewer.user_uuid)
    return get_user_model()._default_manager.filter(condition)
