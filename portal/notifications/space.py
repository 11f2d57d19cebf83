"""That a room for files is nearly used up, owed to those who look after it."""

from typing import Any

from django.dispatch import receiver

from coalitions.documents.signals import space_nearly_used
from coalitions.documents.space import Place
from coalitions.network.models import Workspace
from portal.notifications.models import OutgoingMail
from portal.notifications.owing import keepers_of, owe


@receiver(space_nearly_used, dispatch_uid="notifications.space")
def owe_space(sender: Any, place: Place, **kwargs: Any) -> None:
    """Write that the coordinators or the administrators are owed a mail."""
    kind = OutgoingMail.Kind.SPACE_ORGANISATION
    if isinstance(place, Workspace):
        kind = OutgoingMail.Kind.SPACE_WORKSPACE
    owe(kind, [(place.uuid, person.uuid) for person in keepers_of(place)])
