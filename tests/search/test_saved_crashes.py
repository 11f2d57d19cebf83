"""A worker that is killed in the middle of a run neither loses an alert nor sends it twice."""

from typing import Any

import pytest

from tests.crashes import outcomes_of
from tests.search import saved_crash_driver


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the driver found at each point, in one run of it."""
    return outcomes_of(
        "tests.search.saved_crash_driver", "saved-crashes", tmp_path_factory, ELASTICSEARCH_URL=""
    )


@pytest.mark.parametrize("point", saved_crash_driver.POINTS)
def test_a_kill_tells_once_and_loses_nothing(
    outcomes: dict[str, dict[str, Any]], point: str
) -> None:
    assert outcomes[point]["killed"], "the point was never reached"
    assert outcomes[point]["problems"] == []
