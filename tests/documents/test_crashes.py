"""kill -9 at every named point: nothing acknowledged is lost, nothing is left half done."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from coalitions import crash_points
from tests.documents import crash_driver
from tests.template_database import copy_for_worker

POINTS = [
    f"{scenario}:{point}"
    for scenario, points in (
        ("upload", crash_driver.UPLOADING),
        ("resume", crash_driver.RESUMING),
        ("copy", crash_driver.COPYING),
        ("extract", crash_driver.EXTRACTING),
        ("index", crash_driver.INDEXING),
        ("share", crash_driver.SHARING),
        ("trash", crash_driver.TRASHING),
    )
    for point in points
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    folder = tmp_path_factory.mktemp("crashes")
    database = copy_for_worker("crashes")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{database}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.documents.crash_driver"],
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


def test_there_are_enough_points() -> None:
    assert len({point.split(":")[1] for point in POINTS}) >= 20


def test_a_point_does_nothing_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(crash_points.VARIABLE, "upload.stored")
    monkeypatch.setattr(settings, "CRASH_POINTS", False)
    crash_points.reached("upload.stored")
    production = Path(settings.BASE_DIR, "portal/settings/production.py").read_text()
    base = Path(settings.BASE_DIR, "portal/settings/base.py").read_text()
    assert "CRASH_POINTS" not in production + base
