"""The members of a workspace, by organisation; roles and ends of memberships."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.network.forms.workspaces import WorkspaceRoleForm
from coalitions.network.models import Workspace, WorkspaceMembership
from coalitions.network.permissions import administered_by, coordinates
from coalitions.network.presentation import by_name
from coalitions.network.querysets import people_visible_to
from coalitions.network.services import end_workspace_membership, set_workspace_role
from coalitions.network.services.workspaces import may_end_membership
from coalitions.network.sight import seen_organisations
from coalitions.network.views.acts import (
    ConfirmForm,
    act_page,
    only_if,
    posted,
    viewer_of,
    workspace_or_404,
)
from coalitions.network.views.placements import title_for


@login_required
@require_safe
def members(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who is in a workspace, acting for which organisation, in which role."""
    found = workspace_or_404(request, uuid)
    viewer = viewer_of(request)
    own = {row.pk: row for row in administered_by(request.user)}
    taking_part = found.participants().filter(pk__in=own)
    context = {
        "workspace": found,
        "current_tab": "members",
        "groups": _groups(request, found, own),
        "coordinates": coordinates(request.user, found),
        "may_place": [row for row in taking_part if row.uuid in viewer.organisations],
    }
    return render(request, "network/workspace_members.html", context)


def _groups(request: HttpRequest, found: Workspace, own: dict[int, Any]) -> list[dict[str, Any]]:
    """Return the members by organisation, both sorted by name."""
    viewer = viewer_of(request)
    rows = list(
        WorkspaceMembership.objects.active()
        .filter(workspace=found, person__in=people_visible_to(viewer))
        .select_related("person")
    )
    seen = seen_organisations(viewer, [row.organisation_id for row in rows])
    groups: dict[int, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (by_name(row.person.name), row.pk)):
        organisation = seen.get(row.organisation_id)
        group = groups.setdefault(
            row.organisation_id, {"organisation": organisation, "members": []}
        )
        may_end = row.organisation_id in own or row.person_id == request.user.pk
        group["members"].append(
            {"membership": row, "may_end": may_end, "is_self": row.person_id == request.user.pk}
        )
    return sorted(
        groups.values(),
        key=lambda group: (
            group["organisation"] is None,
            by_name(group["organisation"].name) if group["organisation"] else "",
        ),
    )


def _membership(uuid: UUID) -> WorkspaceMembership:
    row: WorkspaceMembership = get_object_or_404(
        WorkspaceMembership.objects.active().select_related(
            "person", "organisation", "workspace__coalition", "workspace__organisation"
        ),
        uuid=uuid,
    )
    return row


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, uuid: UUID, member: UUID) -> HttpResponse:
    """Give a member another role."""
    found = workspace_or_404(request, uuid)
    only_if(coordinates(request.user, found))
    row = _membership(member)
    only_if(row.workspace_id == found.pk)
    form = WorkspaceRoleForm(posted(request), initial={"role": row.role})
    return act_page(
        request,
        form,
        template="network/member_role.html",
        act=lambda: set_workspace_role(row, acting_user=request.user, **form.cleaned_data),
        done=_("The role has been changed."),
        back=reverse("network:workspace-members", args=[found.uuid]),
        context={"workspace": found, "membership": row},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, uuid: UUID, member: UUID) -> HttpResponse:
    """Take a person out of a workspace. Administrators need not be members for their own people."""
    row = _membership(member)
    only_if(row.workspace.uuid == uuid and may_end_membership(request.user, row))
    viewer = viewer_of(request)
    inside = row.workspace.uuid in viewer.workspaces
    back = reverse("network:workspace-members", args=[uuid])
    if row.person_id == request.user.pk:
        back = reverse("network:workspaces")
    elif not inside:
        back = reverse("network:placements", args=[row.organisation.slug])
    others = WorkspaceMembership.objects.active().filter(
        workspace=row.workspace, role=WorkspaceMembership.Role.COORDINATOR
    )
    return act_page(
        request,
        ConfirmForm(posted(request)),
        template="network/member_end.html",
        act=lambda: end_workspace_membership(row, acting_user=request.user),
        done=_("You have left the workspace.")
        if row.person_id == request.user.pk
        else _("The person is no longer in the workspace."),
        back=back,
        context={
            "workspace": row.workspace,
            "membership": row,
            "title": title_for(row.workspace, viewer.workspaces),
            "is_inside": inside,
            "is_self": row.person_id == request.user.pk,
            "is_last_coordinator": inside
            and row.role == WorkspaceMembership.Role.COORDINATOR
            and not others.exclude(pk=row.pk).exists(),
        },
    )
