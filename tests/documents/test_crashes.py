"""kill -9 at every named point: nothing acknowledged is lost, nothing is left half done."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from coalitions import crash_points
from tests.crashes import outcomes_of
from tests.documents.crash_driver import SCENES, points_of

POINTS = points_of(SCENES)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    return outcomes_of("tests.documents.crash_driver", "crashes", tmp_path_factory)


def test_every_point_and_no_other_was_gone_through(outcomes: dict[str, dict[str, Any]]) -> None:
    assert set(outcomes) == set(POINTS)


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
