"""kill -9 while things go into the trash, come back or are deleted for good."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.documents import trash_crash_driver
from tests.template_database import copy_for_worker

POINTS = [
    f"{scenario}:{point}"
    for scenario, points in (
        ("trash", trash_crash_driver.TRASHING),
        ("restore", trash_crash_driver.RESTORING),
        ("purge", trash_crash_driver.PURGING),
    )
    for point in points
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    folder = tmp_path_factory.mktemp("trash-crashes")
    database = copy_for_worker("trash-crashes")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{database}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.documents.trash_crash_driver"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    shutil.rmtree(database.parent, ignore_errors=True)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["point"]: line for line in lines}


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_nothing_half_done(outcomes: dict[str, dict[str, Any]], point: str) -> None:
    assert outcomes[point]["killed"], "the point was never reached"
    assert outcomes[point]["problems"] == []
