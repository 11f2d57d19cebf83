"""Two doors around the page tree: redirects left by moved pages, and the admin.

Invariant: a redirect tells nothing of a page that the asker may not see, and the admin does not
exist for people without access to it.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage

_ADMIN = "/admin/"
_SIGN_IN = (f"{_ADMIN}login/", f"{_ADMIN}password_reset/")


class CheckedRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, but only to pages that the asker may see."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave a missing page as it is where the redirect leads out of sight."""
        if response.status_code != 404:
            return response
        answer: HttpResponse = super().process_response(request, response)
        if answer is response or self._may_follow(request):
            return answer
        return response

    def _may_follow(self, request: HttpRequest) -> bool:
        whole = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
        for path in (whole, whole.split("?", 1)[0]):
            found = get_redirect(request, path)
            if found is not None:
                return found.redirect_page_id is None or _is_seen(request, found.redirect_page)
        return False


def _is_seen(request: HttpRequest, page: Any) -> bool:
    article = ArticlePage.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
    if article.filter(pk=page.pk).exists():
        return True
    return bool(page.live) and isinstance(page.specific, HomePage | KnowledgeIndexPage)


class AdminDoorMiddleware:
    """Answers the admin with the missing page for signed-in people without access to it.

    Wagtail sends them to sign in, where they already are: a loop. Strangers are sent to sign in.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        inside = request.path.startswith(_ADMIN) and not request.path.startswith(_SIGN_IN)
        user = request.user
        if inside and user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
            return page_not_found(request, Http404())
        answer: HttpResponse = self.get_response(request)
        return answer
