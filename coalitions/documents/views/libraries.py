"""The pages of the three libraries."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalitions.access import Rung
from coalitions.documents.filters import LIBRARY_FILTERS
from coalitions.documents.libraries import NETWORK, PUBLIC, Library
from coalitions.documents.listing import DocumentList
from coalitions.documents.selection import acts_for
from coalitions.documents.views.finding import viewer_of
from coalitions.network.models import Coalition


@require_safe
def coalition_library(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a coalition's people what is shared with the coalition, or further, from its midst."""
    found = Coalition.objects.visible_to(viewer_of(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return _show(request, Library(Rung.COALITION, found))


@require_safe
def network_library(request: HttpRequest) -> HttpResponse:
    """Show the network's people what is shared with the network, or with everybody."""
    return _show(request, NETWORK)


@require_safe
def public_library(request: HttpRequest) -> HttpResponse:
    """Show everybody what is shared with everybody."""
    return _show(request, PUBLIC)


def _show(request: HttpRequest, library: Library) -> HttpResponse:
    viewer = viewer_of(request)
    if not library.is_open_to(viewer):
        raise Http404
    listed = DocumentList(request, viewer, library.documents(viewer), LIBRARY_FILTERS)
    context = {
        "list": listed,
        "library": library.rung.value,
        "coalition": library.coalition,
        "acts": acts_for(request.user),
        **library_links(request),
    }
    return render(request, "documents/library.html", context)


def library_links(request: HttpRequest) -> dict[str, Any]:
    """Return the libraries that are open to who is looking, for the links between them."""
    viewer = viewer_of(request)
    own = Coalition.objects.visible_to(viewer).filter(uuid__in=viewer.coalitions)
    return {
        "own_coalitions": sorted(own, key=lambda row: row.name.casefold()),
        "network_is_open": NETWORK.is_open_to(viewer),
    }
