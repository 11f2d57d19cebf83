"""Domain signals, sent inside the transaction of the change; receivers only write rows.

`organisation_changed(organisation)`, `access_changed(people)`: the sight of these users changed,
`invitation_sent(invitation)`, `invitation_accepted(invitation, person, created)`: `created` says
whether the account was made with it; its address is proven by the link.
`organisation_joined(coalition, organisation)`: it takes part from now on.
`organisation_left(leaving)`: it does not any more; see `Leaving`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from coalitions.network.models import (
        Coalition,
        CoalitionMembership,
        Organisation,
        WorkspaceMembership,
    )


@dataclass(frozen=True)
class Leaving:
    """An organisation has left a coalition, in this transaction.

    `membership` and `placements`, its people's in the coalition's workspaces, ended at `at`.
    `acting_user`: None for the system itself; `acting_organisation`: whom that person acted for.
    """

    coalition: "Coalition"
    organisation: "Organisation"
    membership: "CoalitionMembership"
    placements: "list[WorkspaceMembership]"
    at: datetime
    acting_user: Any | None
    acting_organisation: "Organisation | None"


organisation_changed = Signal()
access_changed = Signal()
invitation_sent = Signal()
invitation_accepted = Signal()
organisation_joined = Signal()
organisation_left = Signal()
