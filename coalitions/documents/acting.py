"""For which organisation a person acts with a document: in its workspace, else their first."""

from typing import Any

from coalitions.network.models import Affiliation, Organisation, Workspace
from coalitions.network.permissions import membership_of


def organisation_acting(person: Any, workspace: Workspace) -> Organisation | None:
    """Return the organisation of the person's membership there, else that of their affiliation."""
    membership = membership_of(person, workspace)
    if membership is not None:
        return membership.organisation
    affiliation = (
        Affiliation.objects.active()
        .filter(person=person)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    return affiliation.organisation if affiliation else None
