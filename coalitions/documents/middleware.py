"""One answer for files that are not given out: later, or not as things are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coalitions.documents.checked import RETRY_AFTER, FileClosed

GetResponse = Callable[[HttpRequest], HttpResponse]


class ClosedFileMiddleware:
    """Answers FileClosed, wherever it was raised, with a page that says why; the API has its own.

    Invariant: whoever gets this page was found to see the document before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, or None for any other exception."""
        if not isinstance(error, FileClosed):
            return None
        context = {"closed": error.state, "closed_words": error.message}
        response = render(request, "documents/file_closed.html", context, status=error.status)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        if error.status == 503:
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
