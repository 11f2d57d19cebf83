"""`manage.py search_verify [--repair]`: does the index say what the database says?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.reconcile import compare, repair


class Command(BaseCommand):
    help = "Compare the index with the database both ways; ends with 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one choice."""
        parser.add_argument("--repair", action="store_true", help="bring what differs in step")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, and repair when asked."""
        drift = compare()
        self.stdout.write(drift.summary() + ".")
        if not drift:
            return
        if not options["repair"]:
            raise CommandError("The index differs. Run again with --repair.")
        repair(drift)
        left = compare()
        if left:
            raise CommandError(f"Still different after the repair: {left.summary()}.")
        self.stdout.write("Repaired.")
