"""Putting a document into the trash, and restoring it.

Invariant: a trashed document is seen by nobody, whatever its audience; nothing is deleted.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.models import Document
from coalitions.documents.permissions import may_restore, rights_on
from coalitions.documents.signals import document_changed
from coalitions.network import audit


def trash_document(*, acting_user: Any, document: Document) -> None:
    """Take `document` out of everybody's sight.

    For the owner's administrators and editors, and the coordinators of its workspace.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not rights.trash:
            raise NotAllowed("Only the owner's editors and coordinators trash a document.")
        locked.trashed = timezone.now()
        locked.save(update_fields=["trashed", "changed"])
        reached("trashing.row-written")
        audit.record(
            "document.trashed",
            acting_user=acting_user,
            acting_organisation=rights.organisation,
            thing=locked,
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=True)
        reached("trashing.before-commit")
    document.trashed = locked.trashed


def restore_document(*, acting_user: Any, document: Document) -> None:
    """Let those see `document` again who saw it before it was trashed.

    For the owner's administrators and editors who are among them. Brought back already: nothing.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if not may_restore(acting_user, locked):
            if locked.trashed is None and rights_on(acting_user, locked).decide_audience:
                return
            raise NotAllowed("Only the owner's editors restore a document.")
        locked.trashed = None
        locked.save(update_fields=["trashed", "changed"])
        audit.record(
            "document.restored",
            acting_user=acting_user,
            acting_organisation=locked.owner,
            thing=locked,
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=False)
    document.trashed = None
