"""How much room a workspace or an organisation has: its figures, and its limit.

Invariant: figures are for coordinators of the workspace and administrators of the organisation; the
limit is set by administrators of a secretariat, who learn no figures by it; to all others the page
is not there.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.forms.space import SpaceForm
from coalitions.documents.space import (
    Place,
    fill_of,
    limit_of,
    sees_figures,
    space_of,
    usual_limit,
)
from coalitions.documents.views.finding import visible_workspace
from coalitions.network.permissions import is_secretariat_administrator
from coalitions.network.views.acts import organisation_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_space(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show and set how much room a workspace has."""
    place = visible_workspace(request, uuid)
    back = reverse("network:workspace-about", args=[place.uuid])
    return _space(request, place, back, {"workspace": place, "current_tab": "about"})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_space(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and set how much room an organisation has for what it owns."""
    place = organisation_or_404(request, slug)
    back = reverse("network:organisation", args=[place.slug])
    return _space(request, place, back, {"organisation": place})


def _space(request: HttpRequest, place: Place, back: str, context: dict[str, Any]) -> HttpResponse:
    sees, keeps = sees_figures(request.user, place), is_secretariat_administrator(request.user)
    if not sees and not keeps:
        raise NotAllowed("This page is for those who look after the room.")
    noted = space_of(place)
    own = noted.limit if noted is not None else None
    form = None
    if keeps:
        form = SpaceForm(
            request.POST if request.method == "POST" else None, limit=own, usual=usual_limit(place)
        )
    if request.method == "POST":
        if form is None:
            raise NotAllowed("Only administrators of a secretariat set it.")
        if form.is_valid():
            if form.has_changed():
                services.set_limit(place, limit=form.value, acting_user=request.user)
            messages.success(request, _("The limit has been set. What is stored stays."))
            return redirect(back)
    return render(
        request,
        "documents/space.html",
        {
            **context,
            "fill": fill_of(place) if sees else None,
            "limit": limit_of(place, noted),
            "is_own_limit": own is not None,
            "days": settings.DOCUMENT_TRASH_DAYS,
            "form": form,
            "back": back,
        },
    )
