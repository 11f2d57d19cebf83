"""That an organisation joined or left a coalition, owed to those whom it concerns."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver

from coalitions.network.models import (
    Affiliation,
    Coalition,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.signals import Leaving, organisation_joined, organisation_left
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import nudge

Kind = OutgoingMail.Kind


@receiver(organisation_joined, dispatch_uid="notifications.coalition_joined")
def owe_joined(
    sender: Any, coalition: Coalition, organisation: Organisation, **kwargs: Any
) -> None:
    """Write that its administrators are owed a mail that states the rule of leaving."""
    _owe(Kind.COALITION_JOINED, coalition.uuid, _administrators(organisation))


@receiver(organisation_left, dispatch_uid="notifications.coalition_left")
def owe_left(sender: Any, leaving: Leaving, **kwargs: Any) -> None:
    """Write that its administrators, and the coordinators of its old places, are owed a mail."""
    own = leaving.acting_user.uuid if leaving.acting_user is not None else None
    administrators = _administrators(leaving.organisation) - {own}
    _owe(Kind.COALITION_LEFT, leaving.organisation.uuid, administrators)
    for place in Workspace.objects.filter(coalition=leaving.coalition).order_by("pk"):
        coordinating = WorkspaceMembership.objects.active().filter(
            workspace=place, role=WorkspaceMembership.Role.COORDINATOR
        )
        people = set(coordinating.values_list("person__uuid", flat=True)) - {own}
        _owe(Kind.WORKSPACE_LEFT, place.uuid, people)


def _administrators(organisation: Organisation) -> set[UUID]:
    held = Affiliation.objects.active().filter(
        organisation=organisation, role=Affiliation.Role.ADMINISTRATOR
    )
    return set(held.values_list("person__uuid", flat=True))


def _owe(kind: str, subject: UUID, people: Iterable[UUID]) -> None:
    OutgoingMail.objects.bulk_create(
        OutgoingMail(kind=kind, subject=subject, recipient=person) for person in sorted(people)
    )
    transaction.on_commit(nudge)
