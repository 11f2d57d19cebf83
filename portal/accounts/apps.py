"""People's accounts: who signs in, and how."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connect the audit to what allauth does."""
        from portal.accounts import receivers  # noqa: F401
