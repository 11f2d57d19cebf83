"""That an organisation joined or left a coalition, owed to those whom it concerns."""

from typing import Any

from django.dispatch import receiver

from coalitions.network.models import Coalition, Organisation, WorkspaceMembership
from coalitions.network.signals import Leaving, organisation_joined, organisation_left
from portal.notifications.models import OutgoingMail
from portal.notifications.owing import keepers_of, owe

Kind = OutgoingMail.Kind


@receiver(organisation_joined, dispatch_uid="notifications.coalition_joined")
def owe_joined(
    sender: Any, coalition: Coalition, organisation: Organisation, **kwargs: Any
) -> None:
    """Write that its administrators are owed a mail that states the rule of leaving."""
    people = keepers_of(organisation)
    owe(Kind.COALITION_JOINED, [(coalition.uuid, person.uuid) for person in people])


@receiver(organisation_left, dispatch_uid="notifications.coalition_left")
def owe_left(sender: Any, leaving: Leaving, **kwargs: Any) -> None:
    """Write that its administrators, and the coordinators of its old places, are owed a mail."""
    own = leaving.acting_user.uuid if leaving.acting_user is not None else None
    subject, people = leaving.organisation.uuid, keepers_of(leaving.organisation)
    owe(Kind.COALITION_LEFT, [(subject, person.uuid) for person in people if person.uuid != own])
    coordinating = WorkspaceMembership.objects.active().filter(
        workspace__coalition=leaving.coalition, role=WorkspaceMembership.Role.COORDINATOR
    )
    rows = coordinating.order_by("workspace__pk", "person__pk")
    # Each once, whoever coordinates a place for several organisations.
    pairs = dict.fromkeys(rows.values_list("workspace__uuid", "person__uuid"))
    owe(Kind.WORKSPACE_LEFT, [(place, person) for place, person in pairs if person != own])
