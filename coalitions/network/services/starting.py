"""Who sees a new document of a workspace at first: set by its coordinators.

Invariant: never further than the ladder of the place, and never a step that has to be confirmed in
words. Documents that are there already stay as they are.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coalitions.access import Rung
from coalitions.network import audit
from coalitions.network.models import Workspace
from coalitions.network.permissions import coordinates, membership_of
from coalitions.network.services.refusals import Refused, locked, require


@transaction.atomic
def set_starting_audience(workspace: Workspace, *, rung: Rung | str, acting_user: Any) -> Workspace:
    """Let new documents start on `rung`. Right: the workspace's coordinators."""
    present = locked(workspace)
    require(coordinates(acting_user, present))
    if rung not in present.starting_choices:
        raise Refused(_("Choose one of the audiences of this workspace."))
    before = present.starting_rung
    if before == rung:
        return present
    present.starting_audience = Rung(rung).value
    present.save(update_fields=["starting_audience"])
    membership = membership_of(acting_user, present)
    audit.record(
        "workspace.starting_audience_set",
        acting_user=acting_user,
        acting_organisation=membership.organisation if membership else None,
        thing=present,
        before=before.value,
        after=str(rung),
    )
    return present
