"""The only vocabulary of visibility: labels, viewers, rungs. Pure, no models.

Invariant: a thing is visible to a viewer when their label sets intersect, and nowhere else is
that decided. An empty label set on either side means *not visible*.
"""

from coalitions.access.errors import NotAllowed
from coalitions.access.labels import (
    NETWORK,
    PUBLIC,
    coalition_label,
    link_label,
    organisation_label,
    sealed_organisation_label,
    sealed_workspace_label,
    user_label,
    workspace_label,
)
from coalitions.access.rungs import (
    LADDER,
    Rung,
    audience_labels,
    ladder_for,
    rung_of_labels,
    rungs_from,
)
from coalitions.access.viewer import STRANGER, Viewer

__all__ = [
    "LADDER",
    "NETWORK",
    "PUBLIC",
    "STRANGER",
    "NotAllowed",
    "Rung",
    "Viewer",
    "audience_labels",
    "coalition_label",
    "ladder_for",
    "link_label",
    "organisation_label",
    "rung_of_labels",
    "rungs_from",
    "sealed_organisation_label",
    "sealed_workspace_label",
    "user_label",
    "workspace_label",
]
