"""Lists: all documents that one may see, and who downloaded one of them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalitions.documents.download_log import downloads_of
from coalitions.documents.filters import LIBRARY_FILTERS
from coalitions.documents.listing import DocumentList
from coalitions.documents.models import Document
from coalitions.documents.selection import acts_for
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)
from coalitions.documents.views.libraries import library_links

SHOWN_DOWNLOADS = 200


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show every document that the viewer may see; to strangers, the public ones."""
    viewer = viewer_of(request)
    listed = DocumentList(request, viewer, Document.objects.visible_to(viewer), LIBRARY_FILTERS)
    return render(
        request,
        "documents/mine.html",
        {
            "list": listed,
            "acts": acts_for(request.user),
            **library_links(request),
        },
    )


@require_safe
def downloads(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the owner's editors which organisations downloaded a document, and when."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "as_owner")
    rows, count = downloads_of(found, viewer_of(request), SHOWN_DOWNLOADS)
    return render(
        request,
        "documents/downloads.html",
        context_for(request, found, downloads=rows, download_count=count),
    )
