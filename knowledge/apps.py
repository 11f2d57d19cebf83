"""App registry entry of the knowledge base."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"

    def ready(self) -> None:
        """Listen to what Wagtail does to articles outside `save`, and keep photos anonymous."""
        from knowledge import images, receivers

        receivers.connect()
        images.forget_where_photos_were_taken()
