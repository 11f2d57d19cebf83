"""Contributing while one's membership is held fast.

Invariant: what is added through a membership is committed before that membership ends, so that
whoever ends it (an organisation that leaves) finds it; or it is not added at all.
"""

from typing import Any

from coalitions.documents.permissions import let_contribute
from coalitions.network.models import Workspace, WorkspaceMembership


def contribute_held(user: Any, workspace: Workspace) -> WorkspaceMembership:
    """Return the membership that `user` adds through, locked until the transaction ends.

    Raises NotAllowed where there is none, or none any more once it could be locked.
    """
    membership = let_contribute(user, workspace)
    list(WorkspaceMembership.objects.select_for_update().filter(pk=membership.pk).values_list("pk"))
    return let_contribute(user, workspace)
