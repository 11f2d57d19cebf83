"""That a room for files is nearly used up, owed to those who look after it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from coalitions.documents.signals import space_nearly_used
from coalitions.documents.space import Place
from coalitions.network.models import Affiliation, Workspace, WorkspaceMembership
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import nudge


@receiver(space_nearly_used, dispatch_uid="notifications.space")
def owe_space(sender: Any, place: Place, **kwargs: Any) -> None:
    """Write that the coordinators or the administrators are owed a mail."""
    kind = OutgoingMail.Kind.SPACE_ORGANISATION
    if isinstance(place, Workspace):
        kind = OutgoingMail.Kind.SPACE_WORKSPACE
    for person in keepers_of(place):
        OutgoingMail.objects.create(kind=kind, subject=place.uuid, recipient=person.uuid)
    transaction.on_commit(nudge)


def keepers_of(place: Place) -> "models.QuerySet[Any]":
    """Return the coordinators of a workspace, or the administrators of an organisation."""
    rows: models.QuerySet[Any]
    if isinstance(place, Workspace):
        rows = WorkspaceMembership.objects.active().filter(
            workspace=place, role=WorkspaceMembership.Role.COORDINATOR
        )
    else:
        rows = Affiliation.objects.active().filter(
            organisation=place, role=Affiliation.Role.ADMINISTRATOR
        )
    people = get_user_model()._default_manager.filter(is_active=True)
    return people.filter(Exists(rows.filter(person=OuterRef("pk")))).order_by("pk")
