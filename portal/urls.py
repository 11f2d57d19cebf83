"""Every address of the portal, composed from the rooms.

Invariant: Django's routes come before Wagtail's catch-all; the sign-in doors of Wagtail and
Django all lead to our own, so that no password alone gets past a second factor.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path, reverse_lazy
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
to_password_reset = RedirectView.as_view(url=reverse_lazy("account_reset_password"))

urlpatterns = [
    path("", include("portal.home.urls_operations")),
    path("admin/login/", to_sign_in),
    path("django-admin/login/", to_sign_in),
    path("_util/login/", to_sign_in),
    re_path("^admin/password_reset/", to_password_reset),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", include("portal.api.v1.urls")),
    path("media/knowledge/", include("knowledge.urls_images")),
    path("", include("knowledge.urls_public")),
    path("", include("search.urls_public")),
]
urlpatterns += i18n_patterns(
    path("_util/login/", to_sign_in),
    path("", include("portal.home.urls")),
    path("account/", include("portal.accounts.urls")),
    path("", include("portal.api.urls")),
    path("", include("coalitions.documents.urls")),
    path("", include("coalitions.network.urls")),
    path("", include("search.urls")),
    path("", include("knowledge.urls")),
)

handler404 = "django.views.defaults.page_not_found"
