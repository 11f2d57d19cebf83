"""A workspace of the demonstration that is near its limit, so that the warning is seen.

Invariant: set once, when everything else is there; a limit that somebody set since is left alone.
"""

from __future__ import annotations

from typing import Final

from coalitions.documents.services import set_limit
from coalitions.documents.space import fill_of, space_of
from portal.demo.loading.network import workspace_called
from portal.demo.network import DemoNetwork

PLACE: Final = "cedar-litigation"
# So much of the space is used, in hundredths.
USED: Final = 92


def load_space(network: DemoNetwork) -> None:
    """Leave the workspace little more space than its files take."""
    workspace = workspace_called(network, PLACE)
    noted = space_of(workspace)
    if noted is None or noted.limit is None:
        limit = fill_of(workspace).used * 100 // USED
        set_limit(workspace, limit=limit, acting_user=None, as_system=True)
