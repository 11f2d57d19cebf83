"""`manage.py search_rebuild [--engine NAME] [--jobs N]`: analyse and index everything again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import engines, feeds
from search.engines.base import SearchUnavailable
from search.rebuilding import GateFailed, rebuild


class Command(BaseCommand):
    help = "Analyse and index everything again. Searching goes on meanwhile; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """The choices."""
        parser.add_argument("--engine", default="", help="this engine only")
        parser.add_argument(
            "--jobs", type=int, default=0, help="processes that analyse (as many as cores)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild one engine's index, or all of them."""
        try:
            name = options["engine"]
            chosen = (engines.named(name),) if name else engines.engines()
        except LookupError as error:
            raise CommandError(str(error)) from error
        for engine in chosen:
            if feeds.is_rebuilding(engine.name):
                raise CommandError(f"Index {engine.name} is being rebuilt already.")
            try:
                rebuild(engine, jobs=options["jobs"], say=self.stdout.write)
            except GateFailed as error:
                raise CommandError(
                    f"Index {engine.name} differs from the database: {error}. What was there"
                    " before goes on answering."
                ) from error
            except SearchUnavailable as error:
                raise CommandError(f"Index {engine.name} was not built: {error}") from error
            self.stdout.write(f"Index {engine.name}: {engine.count()} records.")
