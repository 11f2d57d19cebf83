"""`manage.py search_rebuild`: analyse and index everything again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines import engine
from search.reconcile import rebuild


class Command(BaseCommand):
    help = "Analyse and index everything again. Searching goes on meanwhile; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, then compare both ways."""
        drift = rebuild()
        self.stdout.write(f"Index {engine().name}: {engine().count()} records.")
        if drift:
            raise CommandError(f"The index differs from the database: {drift.summary()}.")
