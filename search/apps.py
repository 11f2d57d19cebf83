"""App registry entry of search."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Listen to what the rooms below say, and to the database itself."""
        from search import receivers

        receivers.connect()
        pre_migrate.connect(lift_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)


def lift_triggers(using: str, plan: Any = None, **kwargs: Any) -> None:
    """Stand out of the way of migrations."""
    from search import watching

    if plan:
        watching.lift(connections[using])


def install_triggers(using: str, **kwargs: Any) -> None:
    """Watch the tables again."""
    from search import watching

    watching.install(connections[using])
