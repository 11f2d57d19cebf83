"""Every change to the network: verb functions, each one transaction with an audit row.

Invariant: without the right a service raises `NotAllowed`, also from a shell or a task;
`as_system=True` is the explicit way for what nobody in particular does.
"""

from coalitions.network.services.coalitions import (
    add_organisation_to_coalition,
    change_coalition,
    end_coalition_membership,
    found_coalition,
    hand_over_lead,
)
from coalitions.network.services.imports import RowResult, import_organisations
from coalitions.network.services.invitations import (
    accept_invitation,
    invite_person,
    revoke_invitation,
)
from coalitions.network.services.organisations import (
    change_organisation,
    create_organisation,
    lift_suspension,
    suspend_organisation,
)
from coalitions.network.services.people import add_affiliation, change_role, end_affiliation
from coalitions.network.services.programmes import enter_programme
from coalitions.network.services.refusals import DeadInvitation, Refused
from coalitions.network.services.starting import set_starting_audience
from coalitions.network.services.workspaces import (
    end_workspace_membership,
    open_workspace,
    place_person,
    set_workspace_role,
)

__all__ = [
    "DeadInvitation",
    "Refused",
    "RowResult",
    "accept_invitation",
    "add_affiliation",
    "add_organisation_to_coalition",
    "change_coalition",
    "change_organisation",
    "change_role",
    "create_organisation",
    "end_affiliation",
    "end_coalition_membership",
    "end_workspace_membership",
    "enter_programme",
    "found_coalition",
    "hand_over_lead",
    "import_organisations",
    "invite_person",
    "lift_suspension",
    "open_workspace",
    "place_person",
    "revoke_invitation",
    "set_starting_audience",
    "set_workspace_role",
    "suspend_organisation",
]
