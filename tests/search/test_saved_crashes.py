"""A worker that is killed in the middle of a run neither loses an alert nor sends it twice."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.search import saved_crash_driver
from tests.template_database import copy_for_worker


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    database = copy_for_worker("saved-crashes")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_VAR": str(tmp_path_factory.mktemp("saved-crashes")),
        "DATABASE_URL": f"sqlite:///{database}",
        "ELASTICSEARCH_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.saved_crash_driver"],
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


@pytest.mark.parametrize("point", saved_crash_driver.POINTS)
def test_a_kill_tells_once_and_loses_nothing(
    outcomes: dict[str, dict[str, Any]], point: str
) -> None:
    assert outcomes[point]["killed"], "the point was never reached"
    assert outcomes[point]["problems"] == []
