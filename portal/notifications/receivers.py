"""Domain signals to rows, inside the sender's transaction; the worker is nudged after commit."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from coalitions.network.models import Invitation
from coalitions.network.signals import invitation_sent
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import nudge


@receiver(invitation_sent, dispatch_uid="notifications.invitation")
def owe_invitation(sender: Any, invitation: Invitation, **kwargs: Any) -> None:
    """Write that the invited address is owed a mail."""
    OutgoingMail.objects.create(kind=OutgoingMail.Kind.INVITATION, subject=invitation.uuid)
    transaction.on_commit(nudge)
