"""What a page may name: organisations and coalitions by key, for one viewer, in one query.

Invariant: a name that `visible_to` does not give is not in the answer; pages then say that there
is one, without naming it, only where the viewer shares a workspace or coalition with it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from coalitions.access import Viewer
from coalitions.network.models import (
    Coalition,
    CoalitionMembership,
    Organisation,
    Workspace,
    WorkspaceMembership,
)


def seen_organisations(viewer: Viewer, keys: Iterable[int | None]) -> dict[int, Organisation]:
    """Return those of `keys` that the viewer sees."""
    wanted = {key for key in keys if key is not None}
    rows = Organisation.objects.visible_to(viewer).filter(pk__in=wanted)
    return {row.pk: row for row in rows}


@dataclass(frozen=True)
class WorkspaceHeader:
    """What stands above every page of a workspace (`network/_workspace_header.html`)."""

    workspace: Workspace
    coalition: Coalition | None
    owner: Organisation | None
    lead: Organisation | None
    organisations: int
    people: int


def header_of(workspace: Workspace, viewer: Viewer) -> WorkspaceHeader:
    """Return the header of a workspace that the viewer sees.

    The two numbers are of its members and those they act for: they say who sees what lies here.
    """
    members = WorkspaceMembership.objects.active().filter(workspace=workspace)
    numbers = members.aggregate(
        organisations=Count("organisation", distinct=True), people=Count("person", distinct=True)
    )
    if workspace.coalition_id is None:
        owner = seen_organisations(viewer, [workspace.organisation_id])
        own = owner.get(workspace.organisation_id or 0)
        return WorkspaceHeader(workspace, None, own, None, **numbers)
    coalition = Coalition.objects.visible_to(viewer).filter(pk=workspace.coalition_id).first()
    leading = (
        CoalitionMembership.objects.in_force()
        .filter(coalition=workspace.coalition_id, leads=True)
        .values_list("organisation_id", flat=True)
    )
    lead = next(iter(seen_organisations(viewer, leading).values()), None)
    return WorkspaceHeader(workspace, coalition, None, lead, **numbers)


def workspace_rows(person: Any, viewer: Viewer) -> list[dict[str, Any]]:
    """Return a person's workspaces with owners, numbers and the person's role, in four queries."""
    found = list(
        Workspace.objects.visible_to(viewer).select_related("coalition").order_by("name", "pk")
    )
    memberships = WorkspaceMembership.objects.active().filter(workspace__in=found)
    own_roles: dict[int, Any] = {}
    people, parts = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for workspace, member, organisation, role in memberships.values_list(
        "workspace_id", "person_id", "organisation_id", "role"
    ):
        people[workspace].add(member)
        parts[workspace].add(organisation)
        if member == person.pk:
            own_roles[workspace] = WorkspaceMembership.Role(role).label
    owners = seen_organisations(viewer, [row.organisation_id for row in found])
    coalitions = {
        row.pk: row
        for row in Coalition.objects.visible_to(viewer).filter(
            pk__in={row.coalition_id for row in found if row.coalition_id}
        )
    }
    return [
        {
            "workspace": row,
            "coalition": coalitions.get(row.coalition_id or 0),
            "owner": owners.get(row.organisation_id or 0),
            "organisations": len(parts[row.pk]),
            "people": len(people[row.pk]),
            "role": own_roles.get(row.pk, ""),
        }
        for row in found
    ]
