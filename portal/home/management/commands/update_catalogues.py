"""`manage.py update_catalogues`: bring the interface's catalogues up to date with the code."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.home.catalogues import merge

PLURAL_FORMS = {
    "nl": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "ar": (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
    ),
}


class Command(BaseCommand):
    help = "Find the interface's messages and merge them into the catalogues (no gettext needed)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge every catalogue and say what still lacks words."""
        for language, plural_forms in PLURAL_FORMS.items():
            total, empty = merge(language, plural_forms)
            self.stdout.write(f"{language}: {total} messages, {empty} without words")
