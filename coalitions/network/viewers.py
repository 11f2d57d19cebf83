"""From a person or a token to a Viewer: the one place where labels are given out.

Invariant: computed from the primary database at each request. A deactivated person, a suspended
organisation and an ended affiliation give nothing on the very next request.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from coalitions.access import (
    NETWORK,
    PUBLIC,
    STRANGER,
    Viewer,
    coalition_label,
    organisation_label,
    sealed_organisation_label,
    sealed_workspace_label,
    user_label,
    workspace_label,
)
from coalitions.network.models import (
    Affiliation,
    CoalitionMembership,
    Organisation,
    WorkspaceMembership,
)

READ_NETWORK = "read:network"
READ_COALITION = "read:coalition"
READ_ORGANISATION = "read:organisation"
SCOPES = (READ_NETWORK, READ_COALITION, READ_ORGANISATION)


def viewer_for(user: Any, at: datetime | None = None) -> Viewer:
    """Return what `user` may see at `at` (now, when None); anybody unknown is a stranger."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return STRANGER
    held = Affiliation.objects.in_force(at).filter(person=user)
    active = list(
        Affiliation.objects.active(at)
        .filter(person=user)
        .values_list("organisation_id", "organisation__uuid", "organisation__kind")
    )
    labels = {PUBLIC}
    if active or not held.exists():
        labels.add(user_label(user.uuid))
    for _pk, uuid, kind in active:
        labels |= {organisation_label(uuid), sealed_organisation_label(uuid)}
        if kind != Organisation.Kind.PARTNER:
            labels.add(NETWORK)
    if active:
        labels |= _coalition_labels([pk for pk, _uuid, _kind in active], at)
        memberships = WorkspaceMembership.objects.active(at).filter(person=user)
        for uuid in memberships.values_list("workspace__uuid", flat=True):
            labels |= {workspace_label(uuid), sealed_workspace_label(uuid)}
    return Viewer(labels=frozenset(labels), user_uuid=user.uuid)


def viewer_for_token(
    organisation: Organisation,
    scopes: Collection[str],
    token_uuid: UUID,
    at: datetime | None = None,
) -> Viewer:
    """Return what an organisation's token with `scopes` may see. Sealed things: never."""
    labels = {PUBLIC}
    if not organisation.is_suspended(at):
        if READ_NETWORK in scopes and organisation.kind != Organisation.Kind.PARTNER:
            labels.add(NETWORK)
        if READ_COALITION in scopes:
            labels |= _coalition_labels([organisation.pk], at)
        if READ_ORGANISATION in scopes:
            labels.add(organisation_label(organisation.uuid))
    return Viewer(labels=frozenset(labels), token_uuid=token_uuid)


def _coalition_labels(organisation_pks: list[int], at: datetime | None) -> set[str]:
    memberships: QuerySet[CoalitionMembership] = CoalitionMembership.objects.in_force(at).filter(
        organisation_id__in=organisation_pks
    )
    return {coalition_label(u) for u in memberships.values_list("coalition__uuid", flat=True)}
