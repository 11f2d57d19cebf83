"""Configuration of the demonstration app; it has no tables of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demonstration network (label ``demo``)."""

    name = "portal.demo"
    label = "demo"
    verbose_name = _("Demonstration network")
    default_auto_field = "django.db.models.BigAutoField"
