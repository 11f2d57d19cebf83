"""What search adds to the Wagtail admin: a report on what could not be indexed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search.admin_views import set_aside
from search.set_aside import CHANGE, DELETE, VIEW, may


class ForThoseWhoMay(MenuItem):  # type: ignore[misc]
    """Shown to those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        return may(request.user, VIEW)


def addresses() -> list[URLPattern]:
    """The page's address."""
    return [path("reports/search/", set_aside, name="search_set_aside")]


def menu_item() -> Any:
    """Its place among the reports."""
    return ForThoseWhoMay(
        _("Not searchable"),
        reverse_lazy("search_set_aside"),
        icon_name="search",
        order=1100,
    )


def rights() -> QuerySet[Permission]:
    """The rights that a group may be given in the admin."""
    codenames = [right.partition(".")[2] for right in (VIEW, CHANGE, DELETE)]
    return Permission.objects.filter(content_type__app_label="search", codename__in=codenames)


hooks.register("register_permissions", rights)
hooks.register("register_admin_urls", addresses)
hooks.register("register_reports_menu_item", menu_item)
