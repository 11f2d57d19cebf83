"""`manage.py setup_portal`: site, languages and groups; safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from portal.home.founding import CannotFound, set_up_portal


class Command(BaseCommand):
    """Brings an empty, migrated database to the state that the portal expects."""

    help = "Makes site (from PUBLIC_URL), languages and editors' groups, or brings them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up, and say what for."""
        try:
            set_up_portal()
        except CannotFound as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"The portal is set up for {settings.PUBLIC_URL}.")
