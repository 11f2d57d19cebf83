"""Compile the message catalogues (.po to .mo) without the system's gettext tools."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


def compile_catalogue(source: Path) -> bool:
    """Write the .mo file beside `source` if it is missing or older; say whether it was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    # Written aside and moved: a server that starts meanwhile reads a whole file or none.
    unfinished = target.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(source)).save_as_mofile(str(unfinished))
    unfinished.replace(target)
    return True


class Command(BaseCommand):
    """`manage.py compile_catalogues`."""

    help = "Compiles the message catalogues; those that are up to date are left alone."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile every catalogue of LOCALE_PATHS."""
        sources = [
            source
            for folder in settings.LOCALE_PATHS
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))
        ]
        written = sum(compile_catalogue(source) for source in sources)
        self.stdout.write(f"{len(sources)} catalogues, {written} compiled.")
