"""A check for viruses that is killed at each of its points: a scenario of crash_driver.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

SCANNING = (
    "scanning.claimed",
    "scanning.answered",
    "scanning.verdict-written",
    "scanning.before-commit",
    "scanning.committed",
)


# The scanner that stands in ends with the driver.
_running = ExitStack()


@cache
def _scanner() -> Any:
    from tests.documents.clamd_server import standing_in

    return _running.enter_context(standing_in())


def scan(drill: Any) -> tuple[Callable[[], None], Callable[[], list[str]]]:
    """Check a clean and an infected file; after the kill neither is open without a verdict."""
    from django.conf import settings
    from django.utils import timezone

    from coalitions.documents import checked, scanning
    from coalitions.documents.models import DocumentPage, TextExtraction, VirusScan
    from portal.notifications.models import OutgoingMail
    from tests.documents.clamd_server import EICAR

    settings.CLAMD_URL = _scanner().url
    mark = f"{uuid4()} ".encode()
    clean, infected = drill.add(mark + b"words", uuid4()), drill.add(mark + EICAR, uuid4())
    versions = (infected.current_version, clean.current_version)

    def act() -> None:
        for version in versions:
            scanning.scan_version(version.pk)

    def check() -> list[str]:
        problems = []
        for version in versions:
            row = VirusScan.objects.select_related("version").get(version=version)
            told = checked.why_closed(row.version)
            if told != ("" if row.state == "clean" else row.state):
                problems.append(f"{row.state}, and {told}")
        VirusScan.objects.update(claimed=timezone.now() - timedelta(hours=1))
        scanning.scan_waiting()
        states = [VirusScan.objects.get(version=version).state for version in versions]
        if states != ["infected", "clean"]:
            problems.append(f"found {states}")
        owed = OutgoingMail.objects.filter(subject=infected.current_version.uuid).count()
        if owed != 1:
            problems.append(f"{owed} mails to the uploader")
        problems += drill.after(unread=1)
        if not DocumentPage.objects.readable().filter(version=clean.current_version).exists():
            problems.append("the clean file was not read")
        TextExtraction.objects.filter(version=infected.current_version).delete()
        settings.CLAMD_URL = ""
        return problems

    return act, check
