"""What a page may name: organisations and coalitions by key, for one viewer, in one query.

Invariant: a name that `visible_to` does not give is not in the answer; pages then say that there
is one, without naming it, only where the viewer shares a workspace or coalition with it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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

    The two numbers are those who take part and the members: they say who sees what lies here.
    """
    people = WorkspaceMembership.objects.active().filter(workspace=workspace).count()
    if workspace.coalition_id is None:
        owner = seen_organisations(viewer, [workspace.organisation_id])
        return WorkspaceHeader(
            workspace, None, owner.get(workspace.organisation_id or 0), None, 1, people
        )
    coalition = Coalition.objects.visible_to(viewer).filter(pk=workspace.coalition_id).first()
    rows = dict(
        CoalitionMembership.objects.in_force()
        .filter(coalition=workspace.coalition_id)
        .values_list("organisation_id", "leads")
    )
    leading = [key for key, leads in rows.items() if leads]
    lead = next(iter(seen_organisations(viewer, leading).values()), None)
    return WorkspaceHeader(workspace, coalition, None, lead, len(rows), people)


def workspace_rows(person: Any, viewer: Viewer) -> list[dict[str, Any]]:
    """Return a person's workspaces with owners, numbers and the person's role, in five queries."""
    found = list(
        Workspace.objects.visible_to(viewer).select_related("coalition").order_by("name", "pk")
    )
    memberships = WorkspaceMembership.objects.active().filter(workspace__in=found)
    own_roles, people = {}, Counter[int]()
    for workspace, member, role in memberships.values_list("workspace_id", "person_id", "role"):
        people[workspace] += 1
        if member == person.pk:
            own_roles[workspace] = WorkspaceMembership.Role(role).label
    parts = Counter[int](
        CoalitionMembership.objects.in_force()
        .filter(coalition__in={row.coalition_id for row in found if row.coalition_id})
        .values_list("coalition_id", flat=True)
    )
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
            "organisations": parts[row.coalition_id] if row.coalition_id else 1,
            "people": people[row.pk],
            "role": own_roles.get(row.pk, ""),
        }
        for row in found
    ]
