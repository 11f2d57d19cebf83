"""Who may change what in the network: questions with a yes or a no, asked by services and pages.

Invariant: every question is answered from rows in force now; superusers get no yes here.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from coalitions.network.dated import in_force
from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Organisation,
    Workspace,
    WorkspaceMembership,
)

Role = Affiliation.Role
WorkspaceRole = WorkspaceMembership.Role


def is_administrator(user: Any, organisation: Organisation) -> bool:
    """Return whether `user` administers `organisation`, which is not suspended."""
    return _has_role(user, organisation, [Role.ADMINISTRATOR])


def is_editor(user: Any, organisation: Organisation) -> bool:
    """Return whether `user` is an administrator or editor of `organisation`."""
    return _has_role(user, organisation, [Role.ADMINISTRATOR, Role.EDITOR])


def _may_act(user: Any) -> bool:
    """Return whether somebody acts at all: nobody and deactivated people do not."""
    return bool(getattr(user, "is_authenticated", False) and user.is_active)


def _has_role(user: Any, organisation: Organisation, roles: list[Role]) -> bool:
    return (
        _may_act(user)
        and Affiliation.objects.active()
        .filter(person=user, organisation=organisation, role__in=roles)
        .exists()
    )


def secretariat_of(user: Any) -> Organisation | None:
    """Return the secretariat that `user` administers: its administrators keep the list."""
    if not _may_act(user):
        return None
    return (
        Organisation.objects.not_suspended()
        .filter(
            in_force(prefix="affiliations__"),
            kind=Organisation.Kind.SECRETARIAT,
            affiliations__person=user,
            affiliations__person__is_active=True,
            affiliations__role=Role.ADMINISTRATOR,
        )
        .first()
    )


def is_secretariat_administrator(user: Any) -> bool:
    """Return whether `user` administers a secretariat."""
    return secretariat_of(user) is not None


def leads_coalition(user: Any, coalition: Coalition) -> bool:
    """Return whether `user` administers the organisation that leads `coalition` now."""
    lead = (
        CoalitionMembership.objects.in_force()
        .filter(coalition=coalition, leads=True)
        .select_related("organisation")
        .first()
    )
    return lead is not None and is_administrator(user, lead.organisation)


def membership_of(user: Any, workspace: Workspace) -> WorkspaceMembership | None:
    """Return the user's active membership of `workspace`, with its organisation, or None."""
    if not _may_act(user):
        return None
    membership: WorkspaceMembership | None = (
        WorkspaceMembership.objects.active()
        .filter(person=user, workspace=workspace)
        .select_related("organisation")
        .first()
    )
    return membership


def coordinates(user: Any, workspace: Workspace) -> bool:
    """Return whether `user` is a coordinator of `workspace`."""
    membership = membership_of(user, workspace)
    return membership is not None and membership.role == WorkspaceRole.COORDINATOR


def administered_by(user: Any) -> QuerySet[Organisation]:
    """Return the organisations that `user` administers now; none that are suspended."""
    return _organisations_of(user, [Role.ADMINISTRATOR])


def edited_by(user: Any) -> QuerySet[Organisation]:
    """Return the organisations of which `user` is an administrator or editor now."""
    return _organisations_of(user, [Role.ADMINISTRATOR, Role.EDITOR])


def _organisations_of(user: Any, roles: list[Role]) -> QuerySet[Organisation]:
    if not _may_act(user):
        return Organisation.objects.none()
    held = Affiliation.objects.active().filter(
        person=user, organisation=OuterRef("pk"), role__in=roles
    )
    return Organisation.objects.filter(Exists(held))


def led_by(user: Any) -> QuerySet[Coalition]:
    """Return the coalitions led by an organisation that `user` administers now."""
    leading = CoalitionMembership.objects.in_force().filter(
        coalition=OuterRef("pk"), leads=True, organisation__in=administered_by(user)
    )
    return Coalition.objects.filter(Exists(leading))
