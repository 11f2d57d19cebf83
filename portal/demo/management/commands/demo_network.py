"""`manage.py demo_network`: fill an empty database with the demonstration network."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from portal.demo.loading import load
from portal.demo.loading.state import NotADemonstration
from portal.demo.network import DemoNetwork
from portal.home.demonstration import kept_password
from portal.home.founding import CannotFound


class Command(BaseCommand):
    """Loads what is missing and prints the sign-ins; safe to repeat."""

    requires_system_checks: list[str] = []
    help = (
        "Loads the demonstration network (real directory, invented content) into an empty "
        "database and prints how to sign in. PORTAL_DEMO_PASSWORD sets the password."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say so step by step."""
        started = time.monotonic()
        password = kept_password()
        try:
            network = load(password, self._say)
        except (NotADemonstration, CannotFound) as refusal:
            raise CommandError(str(refusal)) from None
        seconds = time.monotonic() - started
        self._say(f"The demonstration network is loaded ({seconds:.0f} s).")
        self.stdout.write(table(network, password))

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()


def table(network: DemoNetwork, password: str) -> str:
    """The sign-ins as a table of address, role in the demonstration, and name."""
    rows = [("Address", "Signs in as", "Name")]
    rows += [(p.email, str(p.signin), p.name) for p in network.sign_ins()]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}" for row in rows]
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(["", *lines, "", f"Password: {password}"])
