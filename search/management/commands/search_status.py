"""`manage.py search_status [--json]`: outbox, drift, breaker, engine and version."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from search.status import status


class Command(BaseCommand):
    help = "Say how search stands: what waits, what differs, who answers."

    def add_arguments(self, parser: CommandParser) -> None:
        """The one choice."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        now = status()
        if options["json"]:
            self.stdout.write(json.dumps(now.as_json(), indent=2))
            return
        for line in now.lines():
            self.stdout.write(line)
