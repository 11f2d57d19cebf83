"""All pages of a version at a glance: small pictures, or the first words of each."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalitions.documents.checked import closed_in_words, why_closed
from coalitions.documents.media_types import has_page_images
from coalitions.documents.models import DocumentPage, DocumentVersion
from coalitions.documents.pages import Links
from coalitions.documents.services.viewing import record_view
from coalitions.documents.views.finding import context_for, visible_document

PER_PAGE = 48
START = 160


@require_safe
def pages(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Show the pages of one version as links to each."""
    found = visible_document(request, uuid)
    shown = found.versions.filter(number=number).select_related("extraction", "scan").first()
    if shown is None:
        raise Http404
    closed = why_closed(shown)
    known = hasattr(shown, "extraction") and not closed
    count = shown.extraction.page_count if known else 0
    page = Paginator(range(1, count + 1), PER_PAGE).get_page(request.GET.get("page"))
    pictures = has_page_images(shown.media_type)
    rows, anchor = _rows(shown, list(page.object_list), Links(found, shown, ""), pictures)
    if request.method == "GET":
        record_view(acting_user=request.user, version=shown)
    return render(
        request,
        "documents/pages.html",
        context_for(
            request,
            found,
            shown=shown,
            pictures=pictures,
            closed=closed,
            closed_words=closed_in_words(closed) if closed else "",
            anchor=anchor,
            page_obj=page,
            rows=rows,
        ),
    )


def _rows(
    shown: DocumentVersion, numbers: list[int], links: Links, pictures: bool
) -> tuple[list[dict[str, Any]], str]:
    """Return a row per page, and what the pages are; the first words where there is no picture."""
    texts = DocumentPage.objects.readable().filter(version=shown, number__in=numbers)
    known = {
        number: (start, language, anchor)
        for number, start, language, anchor in texts.annotate(
            start=Substr("text", 1, START)
        ).values_list("number", "start", "language", "anchor")
    }
    rows = []
    anchor = "page"
    for number in numbers:
        start, language, anchor = known.get(number, ("", "", anchor))
        first = " ".join(start.split())
        rows.append(
            {
                "number": number,
                "link": links.to(number),
                "start": "" if pictures else first + ("…" if len(start) == START else ""),
                "language": language,
            }
        )
    return rows, anchor
