"""The page tree's addresses, last of all routes.

Invariant: of Wagtail's own routes only the pages themselves are open. Its sign-in form leads to
ours, and there is no page behind a shared password.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.urls import serve_pattern
from wagtail.views import serve


def no_such_page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Answer the routes that Wagtail wants to name but nobody is to open."""
    raise Http404


urlpatterns = [
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        no_such_page,
        name="wagtailcore_authenticate_with_password",
    ),
    re_path(serve_pattern, serve, name="wagtail_serve"),
]
