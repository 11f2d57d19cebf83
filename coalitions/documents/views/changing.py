"""Sharing further or back, marking child data, editing details."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import Rung
from coalitions.documents import services
from coalitions.documents.forms import DetailsForm
from coalitions.documents.labels import labels_on, ladder_of
from coalitions.documents.reach import Reach
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, uuid: UUID, rung: str) -> HttpResponse:
from coalitions.documents.views.trashing import telling_of_trash
    """Ask whether the document shall be seen as far as `rung`, in words; then do it."""
    found = visible_document(request, uuid)
@telling_of_trash
    rights_or_refuse(request, found, "decide_audience")
    ladder = ladder_of(found, child_data=found.child_data)
    if rung not in ladder:
        raise Http404
    if request.method == "POST" and request.POST.get("from") == found.rung:
        services.share_document(acting_user=request.user, document=found, rung=rung)
        messages.success(request, _said(found, Rung(rung)))
        return _back_to(found, request)
    if rung == found.rung:
        return _back_to(found, request)
    return render(request, "documents/share.html", _choice(request, found, Rung(rung), ladder))


def _choice(
    request: HttpRequest, found: Any, rung: Rung, ladder: tuple[Rung, ...]
) -> dict[str, Any]:
    now, then = (labels_on(found, step, child_data=found.child_data) for step in (found.rung, rung))
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    return context_for(
        request,
        found,
        rung=rung.value,
        words_now=reach.words(found.rung),
        closes=bool(now - then),
        steps=reach.steps(ladder[: ladder.index(rung) + 1]),
        changed_meanwhile=request.method == "POST",
    )


def _said(found: Any, rung: Rung) -> str:
    if rung == Rung.PUBLIC:
        return _("%(reference)s is public now.") % {"reference": found.reference}
    return _("Who can see %(reference)s has been changed.") % {"reference": found.reference}


def _back_to(found: Any, request: HttpRequest) -> HttpResponse:
    """Return to the document, or to the list for somebody who does not see it any more."""
    if type(found).objects.visible_to(viewer_of(request)).filter(pk=found.pk).exists():
        return redirect("documents:document", found.uuid)
    return redirect("documents:mine")


@require_http_methods(["GET", "HEAD", "POST"])
def child_data(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask whether the document shall be marked as child data, or the mark taken away."""
    found = visible_document(request, uuid)
    rights = rights_or_refuse(request, found, "edit")
    if found.child_data and not rights.decide_audience:
        raise Http404
    if request.method == "POST":
        wanted = request.POST.get("mark") == "yes"
        act = services.mark_child_data if wanted else services.unmark_child_data
        act(acting_user=request.user, document=found)
        messages.success(
            request,
            _("%(reference)s is marked as child data now.") % {"reference": found.reference}
            if wanted
            else _("The mark was taken away from %(reference)s.") % {"reference": found.reference},
        )
        return _back_to(found, request)
    ladder = ladder_of(found, child_data=True)
    kept = found.rung if found.rung in ladder else ladder[-1]
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    return render(
        request,
        "documents/child_data.html",
        context_for(request, found, words=reach.words(kept), narrower=kept != found.rung),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what is said about the document."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "edit")
    form = DetailsForm(request.POST or None, document=found, viewer=viewer_of(request))
    if request.method == "POST" and form.is_valid():
        services.edit_details(acting_user=request.user, document=found, **form.details())
        messages.success(
            request, _("The details of %(reference)s were saved.") % {"reference": found.reference}
        )
        return redirect("documents:document", found.uuid)
    return render(request, "documents/edit.html", context_for(request, found, form=form))
@telling_of_trash
