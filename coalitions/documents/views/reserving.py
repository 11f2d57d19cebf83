"""Reserving a document while one edits it, and letting it go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.forms.versions import ReserveForm
from coalitions.documents.permissions import rights_on
from coalitions.documents.reserved import may_lift, reservation_of, told_of
from coalitions.documents.services import DocumentReserved, ReservedMeanwhile
from coalitions.documents.views.finding import context_for, viewer_of, visible_document


@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say who edits the document until when; let those reserve it who may add versions."""
    found = visible_document(request, uuid)
    rights = rights_on(request.user, found, viewer_of(request))
    current = reservation_of(found)
    lifts = current is not None and may_lift(request.user, found, rights, current.person_id)
    if not rights.add_version and not lifts:
        raise NotAllowed("Only those who may add versions reserve a document.")
    form = ReserveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reserve_document(
                acting_user=request.user, document=found, hours=form.cleaned_data["hours"]
            )
        except DocumentReserved:
            form.add_error(None, _("Somebody else has reserved this document meanwhile."))
        else:
            messages.success(request, _("The document is reserved for you."))
            return redirect("documents:document", found.uuid)
    return render(
        request,
        "documents/reserve.html",
        context_for(
            request,
            found,
            form=form,
            rights=rights,
            reservation=told_of(found, viewer_of(request)),
            may_lift=lifts,
        ),
    )


@require_POST
def lift_reservation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End the reservation that the person saw."""
    found = visible_document(request, uuid)
    try:
        seen = UUID(request.POST.get("reservation", ""))
    except ValueError:
        seen = found.uuid  # no reservation has it
    try:
        services.lift_reservation(acting_user=request.user, document=found, seen=seen)
    except ReservedMeanwhile:
        messages.warning(
            request, _("Somebody reserved the document anew meanwhile. That was left as it is.")
        )
    else:
        messages.success(request, _("The document is not reserved any more."))
    return redirect("documents:document", found.uuid)
