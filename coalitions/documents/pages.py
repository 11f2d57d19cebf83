"""One page of a version, as a picture and as text, and the way to the others.

Invariant: whatever page is asked for, one that exists is shown, and the reader is told.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from coalitions.documents.boxes import picture_marks
from coalitions.documents.checked import closed_in_words, why_closed
from coalitions.documents.marking import MAX_QUERY, paragraphs, unwrapped, wanted_of
from coalitions.documents.media_types import has_page_images, kind_of
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, TextExtraction
from coalitions.documents.reasons import reason_in_words

MAX_ALSO = 200
VIEWS = ("both", "image", "text")
ZOOMS = (100, 150, 200, 300)


def page_context(
    request: HttpRequest, document: Document, version: DocumentVersion
) -> dict[str, Any]:
    """Return what the template needs to show one page of `version`, or why there is none."""
    closed = why_closed(version)
    if closed:
        return {
            "kind": kind_of(version.media_type),
            "closed": closed,
            "closed_words": closed_in_words(closed),
        }
    job: TextExtraction | None = getattr(version, "extraction", None)
    count = job.page_count if job else 0
    asked, number = _number(request.GET.get("page", "1"), count)
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    # Other names of what was asked, which search found on this page: marked like the words typed.
    also = request.GET.get("also", "").strip()[:MAX_ALSO]
    pictures = has_page_images(version.media_type)
    view = request.GET.get("view", "both")
    view = view if view in VIEWS and pictures else ("both" if pictures else "text")
    page = DocumentPage.objects.readable().filter(version=version, number=number).first()
    text = page.text if page else ""
    # As search analyses it, else what was found would stand unmarked.
    language = document.language or (page.language if page else "")
    if pictures:  # a page has edges; a section or a sheet has none
        text = unwrapped(text)
    waiting = job is not None and job.state == TextExtraction.State.WAITING
    links = Links(document, version, view, query, also, _zoom(request))
    wanted = wanted_of(query, also)
    pieces, first = paragraphs(text, language, wanted)
    shows_image = pictures and view != "text"
    # A picture is asked for its letters only where its text holds what is wanted.
    marks = picture_marks(version, number, language, wanted) if first and shows_image else None
    return {
        "kind": kind_of(version.media_type),
        "page_number": number,
        "page_count": count,
        "missing_page": asked,
        "page": page,
        "paragraphs": pieces,
        "first_mark": first,
        "picture_marks": marks,
        "query": query,
        "also": also,
        "view": view,
        "views": [(name, links.to(number, view=name)) for name in VIEWS] if pictures else [],
        "zoom": links.zoom,
        "zooms": [(zoom, links.to(number, zoom=zoom)) for zoom in ZOOMS] if shows_image else [],
        "shows_image": shows_image,
        "shows_text": view != "image",
        "text_waiting": waiting,
        "text_reason": reason_in_words(job.reason) if job and job.reason else "",
        "previous_page": links.to(number - 1) if number > 1 else "",
        "next_page": links.to(number + 1) if number < count else "",
    }


class Links:
    """Addresses of other pages that keep the view, its size and the words to mark."""

    def __init__(
        self,
        document: Document,
        version: DocumentVersion,
        view: str,
        query: str = "",
        also: str = "",
        zoom: int = ZOOMS[0],
    ) -> None:
        if document.current_version_id == version.pk:
            self.path = reverse("documents:document", args=[document.uuid])
        else:
            self.path = reverse("documents:version", args=[document.uuid, version.number])
        self.view = view
        self.query = query
        self.also = also
        self.zoom = zoom

    def to(self, number: int, view: str = "", zoom: int = 0) -> str:
        """Return the address of page `number`."""
        zoom = zoom or self.zoom
        values = {
            "page": str(number),
            "view": view or self.view,
            "zoom": str(zoom) if zoom != ZOOMS[0] else "",
            "q": self.query,
            "also": self.also,
        }
        return f"{self.path}?{urlencode({k: v for k, v in values.items() if v})}"


def _zoom(request: HttpRequest) -> int:
    asked = request.GET.get("zoom", "")
    return next((zoom for zoom in ZOOMS if asked == str(zoom)), ZOOMS[0])


def _number(asked: str, count: int) -> tuple[str, int]:
    """Return (what was asked for in vain, the page to show)."""
    if asked.isascii() and asked.isdecimal() and len(asked) < 8:
        number = int(asked)
        if 1 <= number <= max(count, 1):
            return "", number
    return asked[:20], 1
