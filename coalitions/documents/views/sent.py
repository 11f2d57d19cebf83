"""The details of the files that somebody just sent to a workspace, a row for each, saved at once.

Invariant: the rows are this person's own documents of this workspace that they may edit; each is
saved for itself, and says what became of it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.authors import has_traces
from coalitions.documents.forms.sent import SentForm
from coalitions.documents.models import Document
from coalitions.documents.permissions import let_contribute
from coalitions.documents.selection import uuids_in
from coalitions.documents.views.finding import viewer_of, visible_workspace
from coalitions.network.models import Workspace

PER_PAGE = 20
# What was sent so long ago is found in the lists.
LATELY = timedelta(days=1)


@dataclass
class Row:
    """One file, its form, and what became of it: saved, unchanged or refused."""

    document: Document
    form: SentForm
    outcome: str = ""

    @property
    def tells(self) -> bool:
        """Whether such a file says who made it."""
        version = self.document.current_version
        return version is not None and has_traces(version.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def sent_details(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a row for each file: `?sent=` of one form, `?since=` a time, or of the last day."""
    place = visible_workspace(request, uuid)
    let_contribute(request.user, place)
    own = _own(request, place)
    if request.method == "POST":
        found = own.filter(uuid__in=uuids_in(request.POST.getlist("document")[:PER_PAGE]))
    else:
        found = _asked(own, request.GET)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    viewer = viewer_of(request)
    sent = request.POST if request.method == "POST" else None
    rows = [
        Row(document, SentForm(sent, document=document, viewer=viewer))
        for document in page.object_list
    ]
    if sent is not None:
        for row in rows:
            row.outcome = _saved(request, row)
    return render(
        request,
        "documents/sent.html",
        {
            "workspace": place,
            "page_obj": page,
            "rows": rows,
            "saved": sum(row.outcome == "saved" for row in rows),
            "refused": sum(row.outcome == "refused" for row in rows),
            "was_sent": sent is not None,
        },
    )


def _own(request: HttpRequest, place: Workspace) -> Any:
    """Return the person's own documents here, in the order in which they came."""
    return (
        Document.objects.visible_to(viewer_of(request))
        .filter(workspace=place, created_by=request.user.pk)
        .select_related("current_version__extraction")
        .prefetch_related("themes")
        .order_by("pk")
    )


def _asked(own: Any, query: QueryDict) -> Any:
    marks = uuids_in([query.get("sent", "")])
    if marks:
        return own.filter(versions__submission__in=marks, versions__number=1)
    try:
        since = datetime.fromtimestamp(int(query.get("since", "")[:12]), tz=UTC)
    except (ValueError, OverflowError, OSError):
        since = timezone.now() - LATELY
    return own.filter(created__gte=since)


def _saved(request: HttpRequest, row: Row) -> str:
    if not row.form.is_valid():
        return "refused"
    changes = row.form.changes()
    if not changes:
        return "unchanged"
    try:
        services.edit_details(acting_user=request.user, document=row.document, **changes)
    except NotAllowed:
        row.form.add_error(None, _("You may not change this document any more."))
        return "refused"
    return "saved"
