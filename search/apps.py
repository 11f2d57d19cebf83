"""App registry entry of search."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        """Listen to what the rooms below say."""
        from search import receivers

        receivers.connect()
