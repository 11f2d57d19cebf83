"""Putting a document into the trash, and restoring it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.permissions import edited_organisations
from coalitions.documents.reach import Reach
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)


@require_http_methods(["GET", "HEAD", "POST"])
def trash_document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what it means, in numbers; then do it."""
    found = visible_document(request, uuid)
    rights = rights_or_refuse(request, found, "trash")
    if request.method == "POST":
        services.trash_document(acting_user=request.user, document=found)
        messages.success(request, _("%(reference)s was trashed.") % {"reference": found.reference})
        return redirect("documents:trash" if rights.decide_audience else "documents:mine")
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    return render(
        request,
        "documents/trash_document.html",
        context_for(
            request,
            found,
            words=reach.words(found.rung),
            version_count=found.versions.count(),
        ),
    )


@login_required
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """Show the owner's editors what they can restore."""
    organisations = edited_organisations(request.user)
    if not organisations.exists():
        raise Http404
    documents = (
        Document.objects.trashed_for(viewer_of(request))
        .with_audience()
        .filter(owner__in=organisations)
        .select_related("owner")
        .order_by("-trashed", "-pk")
    )
    return render(request, "documents/trash.html", {"documents": documents[:200]})


@require_POST
def restore_document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let those see the document again who saw it before."""
    if not request.user.is_authenticated:
        raise Http404
    seen = Document.objects.trashed_for(viewer_of(request)).filter(uuid=uuid)
    found = (
        seen.first() or Document.objects.visible_to(viewer_of(request)).filter(uuid=uuid).first()
    )
    if found is None:
        raise Http404
    services.restore_document(acting_user=request.user, document=found)
    messages.success(request, _("%(reference)s is back.") % {"reference": found.reference})
    return redirect("documents:document", found.uuid)
