"""Letting other contributors of the workspace add versions, on a page that says what it means."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.documents import services
from coalitions.documents.permissions import open_to_others
from coalitions.documents.services import NotOfChildData
from coalitions.documents.views.finding import context_for, rights_or_refuse, visible_document


@require_http_methods(["GET", "HEAD", "POST"])
def other_versions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask whether others may add versions; `others`: yes or no, as the button says."""
    found = visible_document(request, uuid)
    # Who looks after it in care may end what its owner allowed, and allow nothing.
    open_now = open_to_others(found)
    rights_or_refuse(request, found, "decide_audience" if open_now else "as_owner")
    if found.child_data:
        raise Http404
    answer = request.POST.get("others", "")
    if request.method == "POST" and answer in ("yes", "no"):
        try:
            services.let_others_add_versions(
                acting_user=request.user, document=found, allowed=answer == "yes"
            )
        except NotOfChildData:
            messages.warning(
                request, _("It is marked as child data by now: nobody else adds versions.")
            )
        else:
            messages.success(
                request,
                _("Contributors of the workspace may add versions now.")
                if answer == "yes"
                else _("Only people of its owner add versions now."),
            )
        return redirect("documents:document", found.uuid)
    return render(
        request,
        "documents/other_versions.html",
        context_for(request, found, others_add=open_now),
    )
