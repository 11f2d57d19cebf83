"""App registry entry."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Connect the receivers."""
        from portal.notifications import coalitions, quarantine, receivers, space  # noqa: F401
