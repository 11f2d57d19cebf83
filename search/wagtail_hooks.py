"""What search adds to the Wagtail admin: a report on what could not be indexed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search.admin_views import set_aside


class ForSuperusers(MenuItem):  # type: ignore[misc]
    """Shown to those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        return bool(request.user.is_superuser)


def addresses() -> list[URLPattern]:
    """The page's address."""
    return [path("reports/search/", set_aside, name="search_set_aside")]


def menu_item() -> Any:
    """Its place among the reports."""
    return ForSuperusers(
        _("Not searchable"),
        reverse_lazy("search_set_aside"),
        icon_name="search",
        order=1100,
    )


hooks.register("register_admin_urls", addresses)
hooks.register("register_reports_menu_item", menu_item)
