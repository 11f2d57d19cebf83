"""That a file was put into quarantine, owed to those whom it concerns."""

from typing import Any

from django.dispatch import receiver

from coalitions.documents.models import DocumentVersion
from coalitions.documents.quarantine import told_of
from coalitions.documents.signals import version_quarantined
from portal.notifications.models import OutgoingMail
from portal.notifications.owing import owe


@receiver(version_quarantined, dispatch_uid="notifications.quarantine")
def owe_quarantine(sender: Any, version: DocumentVersion, **kwargs: Any) -> None:
    """Write that the workspace's coordinators and the uploader are owed a mail."""
    people = told_of(version)
    owe(OutgoingMail.Kind.QUARANTINE, [(version.uuid, person.uuid) for person in people])
