"""For which organisation a person acts with a document: in its workspace, else their first."""

from typing import Any

from coalitions.network.models import Affiliation, Organisation, Workspace, WorkspaceMembership


def organisation_acting(person: Any, workspace: Workspace) -> Organisation | None:
    """Return the organisation of the person's membership there, else that of their affiliation."""
    membership = (
        WorkspaceMembership.objects.active()
        .filter(person=person, workspace=workspace)
        .select_related("organisation")
        .first()
    )
    if membership is not None:
        return membership.organisation  # type: ignore[no-any-return]
    affiliation = (
        Affiliation.objects.active()
        .filter(person=person)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    return affiliation.organisation if affiliation else None
