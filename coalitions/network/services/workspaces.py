"""Workspaces: opened, people placed, roles set, memberships ended.

Invariant: each organisation puts its own people, and nobody else's, into the workspaces it takes
part in; every change of a membership ends one dated row and begins another.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.models import (
    Affiliation,
    Coalition,
    CoalitionMembership,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.permissions import (
    coordinates,
    is_administrator,
    is_editor,
    leads_coalition,
    membership_of,
)
from coalitions.network.references import new_reference
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.signals import access_changed

Role = WorkspaceMembership.Role


def takes_part(organisation: Organisation, workspace: Workspace) -> bool:
    """Return whether the organisation takes part in the workspace and is not suspended."""
    participants = Organisation.objects.taking_part_in(workspace).not_suspended()
    return bool(participants.filter(pk=organisation.pk).exists())


def has_coordinator(workspace: Workspace) -> bool:
    """Return whether somebody coordinates the workspace now."""
    return (
        WorkspaceMembership.objects.active()
        .filter(workspace=workspace, role=Role.COORDINATOR)
        .exists()
    )


@transaction.atomic
def open_workspace(
    owner: Coalition | Organisation,
    *,
    name: str,
    acting_user: Any | None,
    language: str = "en",
    purpose: str = "",
    need_to_know: bool = False,
    as_system: bool = False,
) -> Workspace:
    """Open a workspace of a coalition or of one organisation; whoever opens it coordinates it.

    Right: administrators of the coalition's lead; administrators and editors of the organisation.
    The system's own workspaces start without people.
    """
    owner = locked(owner)
    organisation: Organisation | None
    if isinstance(owner, Coalition):
        require(as_system or leads_coalition(acting_user, owner))
        organisation = lead_of(owner)
        side: dict[str, Any] = {"coalition": owner}
    else:
        require(as_system or is_editor(acting_user, owner))
        organisation = owner
        side = {"organisation": owner}
    name = inputs.clean_line(name, limit=160)
    if not name:
        raise Refused(_("Give the workspace a name."))
    workspace = Workspace.objects.create(
        reference=new_reference(Workspace, "W"),
        name=name,
        language=inputs.clean_interface_language(language),
        purpose=inputs.clean_text(purpose),
        need_to_know=need_to_know,
        **side,
    )
    if not as_system and organisation is not None:
        begin_membership(
            workspace,
            acting_user,
            organisation=organisation,
            role=Role.COORDINATOR,
            since=timezone.now(),
        )
    audit.record(
        "workspace.opened",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=organisation,
        thing=workspace,
        need_to_know=need_to_know,
    )
    if not as_system:
        access_changed.send(sender=WorkspaceMembership, people=[acting_user])
    return workspace


def lead_of(coalition: Coalition) -> Organisation | None:
    """Return the organisation that leads the coalition now."""
    row = (
        CoalitionMembership.objects.in_force()
        .filter(coalition=coalition, leads=True)
        .select_related("organisation")
        .first()
    )
    return row.organisation if row is not None else None


@transaction.atomic
def place_person(
    workspace: Workspace,
    person: Any,
    *,
    organisation: Organisation,
    role: str,
    acting_user: Any | None,
    since: datetime | None = None,
    as_system: bool = False,
) -> WorkspaceMembership:
    """Put one of an organisation's own people into a workspace it takes part in.

    Right: the organisation's administrators. As coordinator only where nobody coordinates yet, or
    where the acting user does. Only the system itself may date back.
    """
    organisation = locked(organisation)
    workspace = _locked_with_coalition(workspace)
    require(as_system or is_administrator(acting_user, organisation))
    require(takes_part(organisation, workspace))
    own = Affiliation.objects.active().filter(person=person, organisation=organisation)
    require(own.exists())
    role = inputs.clean_choice(role, Role)
    start = inputs.start_of(since, as_system=as_system)
    if (
        role == Role.COORDINATOR
        and not as_system
        and has_coordinator(workspace)
        and not coordinates(acting_user, workspace)
    ):
        raise Refused(_("This workspace has a coordinator. Ask them to give this role."))
    active = WorkspaceMembership.objects.active().filter(workspace=workspace, person=person)
    if active.exists():
        raise Refused(_("This person is in the workspace already."))
    membership = begin_membership(
        workspace, person, organisation=organisation, role=role, since=start
    )
    audit.record(
        "workspace.person_placed",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=organisation,
        thing=workspace,
        person=str(person.uuid),
        membership=str(membership.uuid),
        role=role,
    )
    access_changed.send(sender=WorkspaceMembership, people=[person])
    return membership


def begin_membership(
    workspace: Workspace,
    person: Any,
    *,
    organisation: Organisation,
    role: str,
    since: datetime,
) -> WorkspaceMembership:
    """Write the row, inside a service's transaction; end one that gives nothing any more."""
    for left_over in WorkspaceMembership.objects.in_force(since).filter(
        workspace=workspace, person=person
    ):
        left_over.end(since)
    return WorkspaceMembership.objects.create(
        workspace=workspace, person=person, organisation=organisation, role=role, since=since
    )


@transaction.atomic
def set_workspace_role(
    membership: WorkspaceMembership, *, role: str, acting_user: Any | None
) -> WorkspaceMembership:
    """Give a member another role. Right: the workspace's coordinators."""
    workspace = _locked_with_coalition(membership.workspace)
    require(coordinates(acting_user, workspace))
    membership = _present(membership)
    role = inputs.clean_choice(role, Role)
    if role == membership.role:
        return membership
    now = max(timezone.now(), membership.since)
    until = membership.until
    membership.end(now)
    changed = WorkspaceMembership.objects.create(
        workspace=workspace,
        person=membership.person,
        organisation=membership.organisation,
        role=role,
        since=now,
        until=until,
    )
    _record_membership("workspace.role_set", changed, acting_user, before=membership.role)
    return changed


@transaction.atomic
def end_workspace_membership(
    membership: WorkspaceMembership, *, acting_user: Any | None, as_system: bool = False
) -> None:
    """Take a person out of a workspace, from now on.

    Right: administrators of the organisation the person acts for there, the workspace's
    coordinators, and the person.
    """
    _locked_with_coalition(membership.workspace)
    require(as_system or may_end_membership(acting_user, membership))
    membership = _present(membership)
    membership.end()
    actor = inputs.actor_of(acting_user, as_system=as_system)
    _record_membership("workspace.membership_ended", membership, actor)


def may_end_membership(user: Any, membership: WorkspaceMembership) -> bool:
    """Return whether `user` may take this member out."""
    return (
        is_administrator(user, membership.organisation)
        or coordinates(user, membership.workspace)
        or (user is not None and user.is_active and user.pk == membership.person_id)
    )


def _present(membership: WorkspaceMembership) -> WorkspaceMembership:
    fresh: WorkspaceMembership = WorkspaceMembership.objects.select_related(
        "person", "organisation", "workspace"
    ).get(pk=membership.pk)
    if not fresh.is_in_force():
        raise Refused(_("This has changed in the meantime. Look at the list of members again."))
    return fresh


def _record_membership(
    verb: str, membership: WorkspaceMembership, acting_user: Any | None, before: str | None = None
) -> None:
    organisation = membership.organisation
    own = membership_of(acting_user, membership.workspace)
    if own is not None and not is_administrator(acting_user, organisation):
        organisation = own.organisation
    audit.record(
        verb,
        acting_user=acting_user,
        acting_organisation=organisation,
        thing=membership.workspace,
        person=str(membership.person.uuid),
        membership=str(membership.uuid),
        role=membership.role,
        before=before,
    )
    access_changed.send(sender=WorkspaceMembership, people=[membership.person])


def _locked_with_coalition(workspace: Workspace) -> Workspace:
    if workspace.coalition is not None:
        locked(workspace.coalition)
    return locked(workspace)
