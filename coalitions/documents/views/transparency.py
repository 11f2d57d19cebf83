"""Who can see a document, and who has seen it."""

import csv
from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalitions.access import Rung, Viewer
from coalitions.documents.linked import living_count
from coalitions.documents.models import Document
from coalitions.documents.permissions import rights_on
from coalitions.documents.reach import Reach, people_in_words
from coalitions.documents.seen import acts_on, readers_of
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)
from coalitions.documents.whosees import WhoSees

PEOPLE_PER_PAGE = 50
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def who(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the rule in words, the organisations, the number of people; to the owner, the names."""
    found = visible_document(request, uuid)
    viewer = viewer_of(request)
    rights = rights_on(request.user, found, viewer)
    sight = WhoSees(found, Rung(found.rung), viewer, decides=rights.as_owner)
    reach = Reach(viewer, found.workspace, found.owner)
    people = sight.people()
    context = context_for(
        request,
        found,
        sight=sight,
        rights=rights,
        words=reach.words(found.rung),
        organisations=sight.organisations(),
        people_count=people_in_words(people.count()) if sight.rungs else "",
    )
    if rights.as_owner:
        page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page_obj": page, "people": sight.with_organisations(list(page.object_list))}
        context["living_links"] = living_count(found)
    return render(request, "documents/who.html", context)


@require_safe
def seen(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Show the owner who viewed and downloaded the document; `?format=csv`: every act."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "as_owner")
    if request.GET.get("format") == "csv":
        return _csv(found, viewer_of(request))
    readers = readers_of(found, viewer_of(request))
    return render(
        request,
        "documents/seen.html",
        context_for(
            request,
            found,
            page_obj=Paginator(readers, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
            view_count=sum(reader.views for reader in readers),
            download_count=sum(reader.downloads for reader in readers),
        ),
    )


class _Line:
    """What `csv` writes to: the line comes back."""

    def write(self, line: str) -> str:
        return line


def _csv(found: Document, viewer: Viewer) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(_Line())
        yield "\ufeff"
        for row in acts_on(found, viewer):
            # Names are somebody's text: no spreadsheet shall run them.
            yield writer.writerow([f"'{cell}" if cell.startswith(_RISKY) else cell for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}-seen.csv"'
    return response
