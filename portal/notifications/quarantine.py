"""That a file was put into quarantine, owed to those whom it concerns."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from coalitions.documents.models import DocumentVersion
from coalitions.documents.quarantine import told_of
from coalitions.documents.signals import version_quarantined
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import nudge


@receiver(version_quarantined, dispatch_uid="notifications.quarantine")
def owe_quarantine(sender: Any, version: DocumentVersion, **kwargs: Any) -> None:
    """Write that the workspace's coordinators and the uploader are owed a mail."""
    for person in told_of(version):
        OutgoingMail.objects.create(
            kind=OutgoingMail.Kind.QUARANTINE, subject=version.uuid, recipient=person.uuid
        )
    transaction.on_commit(nudge)
