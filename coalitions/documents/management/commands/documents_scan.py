"""`manage.py documents_scan [--all | --infected]`: have files checked for viruses now.

Invariant: prints numbers and uuids, no names. A file that is open stays so until it is found
infected; one in quarantine stays there until a new look finds it clean.
"""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coalitions.documents import clamd, scanning
from coalitions.documents.models import DocumentVersion, VirusScan

State = VirusScan.State


class Command(BaseCommand):
    help = "Have files checked for viruses: those without a verdict, or all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """The choices."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--all", action="store_true", help="also those with a verdict")
        which.add_argument(
            "--infected", action="store_true", help="only those in quarantine, to release them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check one after the other, the newest first."""
        if not settings.CLAMD_URL:
            raise CommandError("CLAMD_URL is not set: there is no scanner to ask.")
        versions = DocumentVersion.objects.order_by("-pk")
        if options["infected"]:
            versions = versions.filter(scan__state=State.INFECTED)
        elif not options["all"]:
            versions = versions.exclude(scan__state__in=[State.CLEAN, State.INFECTED])
        states: Counter[str] = Counter()
        # Keys first: a verdict changes what the question would find.
        for pk in list(versions.values_list("pk", flat=True)):
            version = DocumentVersion.objects.filter(pk=pk).first()
            if version is None:  # purged meanwhile
                continue
            try:
                state = scanning.look_again(version)
            except clamd.ScannerDown as error:
                self._tell(states)
                raise CommandError(f"The scanner gave no verdict ({error}). Try again.") from error
            states[state] += 1
            if state != State.CLEAN:
                self.stdout.write(f"{version.uuid}: {state}")
        self._tell(states)

    def _tell(self, states: "Counter[str]") -> None:
        counts = ", ".join(f"{states[state]} {state}" for state in State.values if states[state])
        self.stdout.write(f"Checked {sum(states.values())} versions: {counts or 'nothing to do'}.")
