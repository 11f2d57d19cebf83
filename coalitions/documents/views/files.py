"""Files and page images, each checked at each request."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalitions.documents.downloads import download_response, visible_version
from coalitions.documents.images import THUMBNAIL, WIDTHS, Busy, NoPicture, page_image
from coalitions.documents.services.viewing import record_view
from coalitions.documents.views.finding import viewer_of

RETRY_AFTER_SECONDS = 5


@require_safe
def download(request: HttpRequest, uuid: UUID, number: int) -> HttpResponseBase:
    """Answer a version's file."""
    actor = request.user if request.user.is_authenticated else None
    return download_response(
        request, document_uuid=uuid, number=number, viewer=viewer_of(request), actor=actor
    )


@require_safe
def image(request: HttpRequest, uuid: UUID, number: int, page: int) -> HttpResponse:
    """Answer one page as a picture; `?width=` 1000 (the default), 2000 or 160 pixels."""
    version = visible_version(viewer_of(request), uuid, number)
    asked = request.GET.get("width")
    width = next((width for width in (WIDTHS[1], THUMBNAIL) if asked == str(width)), WIDTHS[0])
    try:
        picture = page_image(version, page, width)
    except NoPicture as error:
        raise Http404 from error
    except Busy:
        return _busy()
    if request.method == "GET":
        record_view(acting_user=request.user, version=version)
    response = HttpResponse(picture, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _busy() -> HttpResponse:
    words = _("503: many pages are being drawn at the moment. Ask again in a few seconds.")
    response = HttpResponse(f"{words}\n", status=503, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.headers["Cache-Control"] = "private, no-store"
    return response
