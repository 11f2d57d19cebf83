"""What a version's file says about the people who made it, for those who may take it out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.documents import services
from coalitions.documents.authors import AuthorsStay, has_traces, traces_in
from coalitions.documents.full import status_of
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentVersion
from coalitions.documents.refusals import FileRefused
from coalitions.documents.seen import downloads_made
from coalitions.documents.views.finding import context_for, rights_or_refuse, visible_document


@require_http_methods(["GET", "HEAD", "POST"])
def authors(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Show what the file says; POST takes it out, for good."""
    found = visible_document(request, uuid)
    rights = rights_or_refuse(request, found, "edit")
    shown = found.versions.filter(number=number).first()
    if shown is None or not (has_traces(shown.media_type) or _is_locked(shown)):
        raise Http404
    stays, status = "", 200
    if request.method == "POST":
        try:
            services.remove_authors(acting_user=request.user, document=found, number=number)
        except AuthorsStay as refused:
            stays, status = refused.reason_words, 409
        except FileRefused as refused:  # no room for the new file, or it would be too large
            stays, status = refused.message, status_of(refused)
        else:
            messages.success(
                request,
                _("Version %(number)s says nothing about its authors any more.")
                % {"number": number},
            )
            return redirect("documents:version", found.uuid, number)
    return render(
        request,
        "documents/authors.html",
        context_for(
            request,
            found,
            shown=shown,
            traces=traces_in(shown),
            stays=stays,
            others=_others(found, shown),
            download_count=_downloads_of(found, shown) if rights.decide_audience else 0,
        ),
        status=status,
    )


def _is_locked(version: DocumentVersion) -> bool:
    return kind_of(version.media_type).family == "locked"


def _others(found: Any, shown: DocumentVersion) -> list[int]:
    """Return the numbers of other versions that name people, in files of their own."""
    rows = found.versions.filter(extraction__names__gt=0).exclude(file=shown.file.name)
    return list(rows.order_by("-number").values_list("number", flat=True)[:50])


def _downloads_of(found: Any, shown: DocumentVersion) -> int:
    return int(downloads_made(found).filter(object_uuid=shown.uuid).count())
