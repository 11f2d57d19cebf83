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
from coalitions.documents.forms.sharing import EndForm
from coalitions.documents.labels import labels_on, ladder_of
from coalitions.documents.linked import living_count
from coalitions.documents.permissions import height
from coalitions.documents.planned import falls_back, last_day
from coalitions.documents.reach import Reach
from coalitions.documents.seen import downloads_made
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)
from coalitions.documents.views.trashing import telling_of_trash


@telling_of_trash
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, uuid: UUID, rung: str) -> HttpResponse:
    """Ask whether the document shall be seen as far as `rung`, in words; then do it."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "decide_audience")
    ladder = ladder_of(found, child_data=found.child_data)
    if rung not in ladder:
        raise Http404
    if rung == found.rung and found.rung_until is None:
        return _back_to(found, request)
    sent = request.POST if request.method == "POST" else None
    form = EndForm(sent, initial={"until": last_day(found)})
    if height(Rung(rung)) < height(Rung(found.rung)):
        form = EndForm({} if request.method == "POST" else None)
    as_seen = request.POST.get("from") == found.rung
    if request.method == "POST" and as_seen and form.is_valid():
        done = _share(request, found, Rung(rung), form)
        if done is not None:
            return done
    choice = _choice(request, found, Rung(rung), ladder)
    choice["changed_meanwhile"] = request.method == "POST" and not as_seen
    return render(request, "documents/share.html", {**choice, "form": form})


def _share(request: HttpRequest, found: Any, rung: Rung, form: EndForm) -> HttpResponse | None:
    try:
        services.share_document(
            acting_user=request.user,
            document=found,
            rung=rung,
            until=form.cleaned_data["until"],
        )
    except services.WrongEnd as refused:
        form.add_error("until", refused.message)
        return None
    except services.NotOnLadder as refused:
        messages.warning(request, refused.message)
        return redirect("documents:document", found.uuid)
    messages.success(request, _said(found, rung))
    return _back_to(found, request)


def _choice(
    request: HttpRequest, found: Any, rung: Rung, ladder: tuple[Rung, ...]
) -> dict[str, Any]:
    now, then = (labels_on(found, step, child_data=found.child_data) for step in (found.rung, rung))
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    closes = bool(now - then)
    return context_for(
        request,
        found,
        rung=rung.value,
        words_now=reach.words(found.rung),
        words_then=reach.words(rung),
        closes=closes,
        falls_back=None if closes or rung == found.rung else falls_back(found),
        steps=reach.steps(ladder[: ladder.index(rung) + 1]),
        download_count=downloads_made(found).count() if closes else 0,
        open_count=found.requests.open().count() if closes else 0,
        link_count=living_count(found) if closes else 0,
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
    """Ask whether the document shall be marked as child data; taking it away: see `lifting`."""
    found = visible_document(request, uuid)
    rights = rights_or_refuse(request, found, "edit")
    if found.child_data:
        if not rights.as_owner:
            raise Http404
        return redirect("documents:lift", found.uuid)
    if request.method == "POST" and request.POST.get("mark") == "yes":
        services.mark_child_data(acting_user=request.user, document=found)
        messages.success(
            request,
            _("%(reference)s is marked as child data now.") % {"reference": found.reference},
        )
        return _back_to(found, request)
    ladder = ladder_of(found, child_data=True)
    kept = found.rung if found.rung in ladder else ladder[-1]
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    return render(
        request,
        "documents/child_data.html",
        context_for(
            request,
            found,
            words=reach.words(kept),
            narrower=kept != found.rung,
            download_count=downloads_made(found).count(),
            link_count=living_count(found),
        ),
    )


@telling_of_trash
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
