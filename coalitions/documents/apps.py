"""App registry entry of the documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "coalitions.documents"
    label = "documents"

    def ready(self) -> None:
        """Connect the receivers."""
        from coalitions.documents import receivers  # noqa: F401
