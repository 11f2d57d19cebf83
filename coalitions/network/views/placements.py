"""Which of an organisation's people are in which workspaces: looked after by its administrators.

Invariant: a workspace is named here when it is open, or when the administrator is a member; a
need-to-know one by its reference alone.
"""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.network.forms.people import PlaceForm
from coalitions.network.models import (
    Affiliation,
    Coalition,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.permissions import coordinates, is_administrator
from coalitions.network.presentation import by_name, workspace_title
from coalitions.network.services import place_person
from coalitions.network.services.workspaces import has_coordinator
from coalitions.network.views.acts import (
    act_page,
    only_if,
    organisation_or_404,
    posted,
    viewer_of,
)

Role = WorkspaceMembership.Role


@require_safe
def placements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the workspaces an organisation takes part in, and its own people in each."""
    found = organisation_or_404(request, slug)
    only_if(is_administrator(request.user, found))
    viewer = viewer_of(request)
    there: dict[int, list[WorkspaceMembership]] = defaultdict(list)
    memberships = (
        WorkspaceMembership.objects.active()
        .filter(organisation=found)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    for membership in memberships:
        there[membership.workspace_id].append(membership)
    coalitions = {row.pk: row for row in Coalition.objects.visible_to(viewer)}
    rows = [
        {
            "workspace": workspace,
            "title": title_for(workspace, viewer.workspaces),
            "is_member": workspace.uuid in viewer.workspaces,
            "coalition": coalitions.get(workspace.coalition_id or 0),
            "memberships": there[workspace.pk],
        }
        for workspace in Workspace.objects.of_participant(found).order_by("pk")
    ]
    # By what is shown: the place of a hidden name among the others would tell its letters.
    rows.sort(key=lambda row: by_name(str(row["title"])))
    context = {"organisation": found, "rows": rows}
    return render(request, "network/placements.html", context)


def title_for(workspace: Workspace, own: frozenset[UUID]) -> str:
    """Return the name to a member, and to others what they may know of it."""
    return workspace.name if workspace.uuid in own else workspace_title(workspace)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Put one of the organisation's own people into a workspace."""
    found = organisation_or_404(request, slug)
    only_if(is_administrator(request.user, found))
    workspace: Workspace = get_object_or_404(Workspace.objects.of_participant(found), uuid=uuid)
    form = PlaceForm(
        posted(request),
        people=_people_outside(found, workspace),
        roles=_roles_to_give(request.user, workspace),
    )
    viewer = viewer_of(request)
    return act_page(
        request,
        form,
        template="network/place.html",
        act=lambda: place_person(
            workspace,
            get_user_model()._default_manager.get(uuid=form.cleaned_data["person"]),
            organisation=found,
            role=form.cleaned_data["role"],
            acting_user=request.user,
        ),
        done=_("The person is in the workspace. Everyone there can see it."),
        back=reverse("network:placements", args=[found.slug]),
        context={
            "organisation": found,
            "workspace": workspace,
            "title": title_for(workspace, viewer.workspaces),
        },
    )


def _people_outside(organisation: Organisation, workspace: Workspace) -> list[tuple[str, str]]:
    """Return the organisation's people who are not in the workspace for it."""
    inside = WorkspaceMembership.objects.active().filter(
        workspace=workspace, organisation=organisation
    )
    rows = (
        Affiliation.objects.active()
        .filter(organisation=organisation)
        .exclude(person__in=inside.values("person"))
        .select_related("person")
    )
    people = {str(row.person.uuid): row.person.name for row in rows}
    return sorted(people.items(), key=lambda person: by_name(person[1]))


def _roles_to_give(user: Any, workspace: Workspace) -> list[tuple[str, Any]]:
    roles = [choice for choice in Role.choices if choice[0] != Role.COORDINATOR]
    if not has_coordinator(workspace) or coordinates(user, workspace):
        roles.insert(0, (Role.COORDINATOR.value, Role.COORDINATOR.label))
    return roles
