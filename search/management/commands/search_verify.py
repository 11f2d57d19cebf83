"""`manage.py search_verify [--engine NAME] [--repair]`: indexes against the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import engines
from search.engines.base import Engine, SearchUnavailable
from search.reconcile import compare, record, repair


class Command(BaseCommand):
    help = "Compare each index with the database both ways; ends with 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        """The choices."""
        parser.add_argument("--engine", default="", help="this engine only")
        parser.add_argument("--repair", action="store_true", help="bring what differs in step")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, and repair when asked."""
        try:
            name = options["engine"]
            chosen = (engines.named(name),) if name else engines.engines()
            differs = [engine.name for engine in chosen if not self._one(engine, options)]
        except LookupError as error:
            raise CommandError(str(error)) from error
        except SearchUnavailable as error:
            raise CommandError(f"The engine did not answer: {error}") from error
        if differs:
            again = "Still different after the repair" if options["repair"] else "Different"
            hint = "" if options["repair"] else " Run again with --repair."
            raise CommandError(f"{again}: {', '.join(differs)}.{hint}")

    def _one(self, engine: Engine, options: dict[str, Any]) -> bool:
        drift = compare(engine)
        record(engine, drift)
        self.stdout.write(f"{engine.name}: {drift.summary()}.")
        if not drift or not options["repair"]:
            return not drift
        repair(drift, engine)
        left = compare(engine)
        record(engine, left)
        self.stdout.write(f"{engine.name}: repaired." if not left else left.summary())
        return not left
