"""App registry entry of the documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "coalitions.documents"
    label = "documents"
