"""Domain signals to rows, inside the sender's transaction; the worker is nudged after commit."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from coalitions.network.models import Invitation
from coalitions.network.signals import invitation_sent
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import nudge
from search.models import SearchAlert
from search.signals import alert_owed


@receiver(invitation_sent, dispatch_uid="notifications.invitation")
def owe_invitation(sender: Any, invitation: Invitation, **kwargs: Any) -> None:
    """Write that the invited address is owed a mail."""
    OutgoingMail.objects.create(kind=OutgoingMail.Kind.INVITATION, subject=invitation.uuid)
    transaction.on_commit(nudge)


@receiver(alert_owed, dispatch_uid="notifications.search_alert")
def owe_search_alert(sender: Any, alert: SearchAlert, **kwargs: Any) -> None:
    """Write that a person is owed a mail about their saved searches."""
    OutgoingMail.objects.create(kind=OutgoingMail.Kind.SEARCH_ALERT, subject=alert.uuid)
    transaction.on_commit(nudge)
