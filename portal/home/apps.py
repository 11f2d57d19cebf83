"""App configuration of the portal's face."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """Layout, navigation and the personal start page; it has no tables of its own."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "portal.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        """Connect the receivers."""
        from portal.home import sign_ins  # noqa: F401
