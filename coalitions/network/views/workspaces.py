"""My workspaces, opening one, and what a workspace says about itself and its members."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.network.forms.workspaces import OpenWorkspaceForm, StartForm
from coalitions.network.models import Coalition, Organisation, WorkspaceMembership
from coalitions.network.permissions import coordinates, edited_by, led_by
from coalitions.network.services import open_workspace, set_starting_audience
from coalitions.network.sight import seen_organisations, workspace_rows
from coalitions.network.views.acts import (
    act_page,
    only_if,
    posted,
    viewer_of,
    workspace_or_404,
)


@login_required
@require_safe
def workspaces(request: HttpRequest) -> HttpResponse:
    """Show the workspaces that the viewer is a member of."""
    context = {
        "rows": workspace_rows(request.user, viewer_of(request)),
        "may_open": bool(_owners(request.user)),
    }
    return render(request, "network/workspaces.html", context)


def _owners(user: Any) -> dict[str, Coalition | Organisation]:
    """Return for whom this person may open a workspace, by the value of the form's choice."""
    found: dict[str, Coalition | Organisation] = {}
    for coalition in led_by(user):
        found[f"coalition:{coalition.uuid}"] = coalition
    for organisation in edited_by(user):
        found[f"organisation:{organisation.uuid}"] = organisation
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Open a workspace for a coalition one's organisation leads, or for one's organisation."""
    owners = _owners(request.user)
    if not owners:
        raise Http404
    choices = [
        (value, f"{_kind_of(owner)}: {owner.name}")  # read together in one list of choices
        for value, owner in owners.items()
    ]
    wanted = request.GET.get("for", "")
    form = OpenWorkspaceForm(
        posted(request),
        owners=choices,
        language=get_language() or "en",
        initial={"owner": wanted} if wanted in owners else None,
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        owner = owners[facts.pop("owner")]
        try:
            opened = open_workspace(owner, acting_user=request.user, **facts)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The workspace is open, and you coordinate it."))
            return redirect("network:workspace-members", uuid=opened.uuid)
    return render(request, "network/workspace_form.html", {"form": form})


def _kind_of(owner: Coalition | Organisation) -> str:
    return _("Coalition") if isinstance(owner, Coalition) else _("Organisation")


@login_required
@require_safe
def workspace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Lead to the workspace's documents, for its members."""
    workspace_or_404(request, uuid)
    return redirect("documents:workspace", uuid=uuid)


@login_required
@require_safe
def about(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what a workspace is for, who takes part, and who sees what is put there."""
    found = workspace_or_404(request, uuid)
    viewer = viewer_of(request)
    keys = list(found.participants().values_list("pk", flat=True))
    seen = seen_organisations(viewer, keys)
    people = Counter[int](
        WorkspaceMembership.objects.active()
        .filter(workspace=found)
        .values_list("organisation_id", flat=True)
    )
    rows = [(row, people[row.pk]) for row in sorted(seen.values(), key=lambda row: row.name)]
    context = {
        "workspace": found,
        "current_tab": "about",
        "participants": rows,
        "unnamed_count": len(keys) - len(rows),
        "people_count": sum(people.values()),
        "start": found.starting_rung.value,
        "may_set_start": coordinates(request.user, found),
    }
    return render(request, "network/workspace_about.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Set who sees a new document at first, as a coordinator."""
    found = workspace_or_404(request, uuid)
    only_if(coordinates(request.user, found))
    form = StartForm(posted(request), workspace=found)
    return act_page(
        request,
        form,
        template="network/workspace_start.html",
        act=lambda: set_starting_audience(
            found, rung=form.cleaned_data["rung"], acting_user=request.user
        ),
        done=_("Saved. It counts for new documents; the others stay as they are."),
        back=reverse("network:workspace-about", args=[found.uuid]),
        context={"workspace": found},
    )
