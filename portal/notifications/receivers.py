"""Domain signals to rows, inside the sender's transaction; the worker is nudged after commit."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.permissions import deciders_of
from coalitions.documents.signals import share_request_closed, share_requested
from coalitions.network.models import Invitation
from coalitions.network.signals import invitation_sent
from portal.notifications.models import OutgoingMail
from portal.notifications.owing import owe
from search.models import SearchAlert
from search.signals import alert_owed

# Whoever asks, takes it back and asks again within this time is written about once.
ONCE_IN: Final = timedelta(days=1)


@receiver(invitation_sent, dispatch_uid="notifications.invitation")
def owe_invitation(sender: Any, invitation: Invitation, **kwargs: Any) -> None:
    """Write that the invited address is owed a mail."""
    owe(OutgoingMail.Kind.INVITATION, [(invitation.uuid, None)])


@receiver(alert_owed, dispatch_uid="notifications.search_alert")
def owe_search_alert(sender: Any, alert: SearchAlert, **kwargs: Any) -> None:
    """Write that a person is owed a mail about their saved searches."""
    owe(OutgoingMail.Kind.SEARCH_ALERT, [(alert.uuid, None)])


@receiver(share_requested, dispatch_uid="notifications.share_request")
def owe_share_request(sender: Any, share_request: ShareRequest, **kwargs: Any) -> None:
    """Write that those who decide are owed a mail; of child data no mail speaks."""
    if _is_sealed(share_request.document):
        return
    told = _told_of_late(share_request)
    owed = [
        (share_request.uuid, person.uuid)
        for person in deciders_of(share_request.document)
        if person.pk != share_request.person_id and person.uuid not in told
    ]
    owe(OutgoingMail.Kind.SHARE_REQUEST, owed)


@receiver(share_request_closed, dispatch_uid="notifications.share_answer")
def owe_share_answer(sender: Any, share_request: ShareRequest, **kwargs: Any) -> None:
    """Write that whoever asked is owed the answer."""
    if share_request.decided_by_id == share_request.person_id:
        return
    if not _is_sealed(share_request.document):
        owed = [(share_request.uuid, share_request.person.uuid)]
        owe(OutgoingMail.Kind.SHARE_ANSWER, owed)


def _told_of_late(share_request: ShareRequest) -> set[UUID | None]:
    """Return who was, or is going to be, written to about what this person asked of the document.

    A mail that waits still is about this request from now on.
    """
    since = timezone.now() - ONCE_IN
    others = ShareRequest.objects.filter(
        document=share_request.document_id, person=share_request.person_id, since__gt=since
    ).exclude(pk=share_request.pk)
    mails = OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.SHARE_REQUEST, subject__in=others.values("uuid"), created__gt=since
    ).exclude(state=OutgoingMail.State.NEEDLESS)
    told = set(mails.values_list("recipient", flat=True))
    mails.filter(state=OutgoingMail.State.WAITING).update(subject=share_request.uuid)
    return told


def _is_sealed(document: Document) -> bool:
    audience = audience_of(document)
    return audience is None or audience.child_data
