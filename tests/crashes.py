"""What a driver found that kills its own process at each named point: shared by tests of crashes.

Invariant: a driver has a database and files of its own, and prints one line of JSON for a point.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.template_database import copy_for_worker


def outcomes_of(
    driver: str, name: str, folders: pytest.TempPathFactory, **environment: str
) -> dict[str, dict[str, Any]]:
    """Run the module `driver` once, and return what it found by point."""
    database = copy_for_worker(name)
    done = subprocess.run(
        [sys.executable, "-m", driver],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_VAR": str(folders.mktemp(name)),
            "DATABASE_URL": f"sqlite:///{database}",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    shutil.rmtree(database.parent, ignore_errors=True)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["point"]: line for line in lines}
