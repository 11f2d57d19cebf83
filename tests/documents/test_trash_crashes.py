"""kill -9 while things go into the trash, come back or are deleted for good."""

from typing import Any

import pytest

from tests.crashes import outcomes_of
from tests.documents.crash_driver import points_of
from tests.documents.trash_crash_driver import SCENES

POINTS = points_of(SCENES)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    return outcomes_of("tests.documents.trash_crash_driver", "trash-crashes", tmp_path_factory)


def test_every_point_and_no_other_was_gone_through(outcomes: dict[str, dict[str, Any]]) -> None:
    assert set(outcomes) == set(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_nothing_half_done(outcomes: dict[str, dict[str, Any]], point: str) -> None:
    assert outcomes[point]["killed"], "the point was never reached"
    assert outcomes[point]["problems"] == []
