"""Taking a document out of sight, and bringing it back.

Invariant: a withdrawn document is seen by nobody, whatever its audience; nothing is deleted.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.models import Document
from coalitions.documents.permissions import may_bring_back, rights_on
from coalitions.documents.signals import document_changed
from coalitions.network import audit


def withdraw_document(*, acting_user: Any, document: Document) -> None:
    """Take `document` out of everybody's sight.

    For the owner's administrators and editors, and the coordinators of its workspace.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not rights.withdraw:
            raise NotAllowed("Only the owner's editors and coordinators withdraw a document.")
        locked.withdrawn = timezone.now()
        locked.save(update_fields=["withdrawn", "changed"])
        reached("withdrawing.row-written")
        audit.record(
            "document.withdrawn",
            acting_user=acting_user,
            acting_organisation=rights.organisation,
            thing=locked,
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=True)
        reached("withdrawing.before-commit")
    document.withdrawn = locked.withdrawn


def bring_back(*, acting_user: Any, document: Document) -> None:
    """Let those see `document` again who saw it before it was withdrawn.

    For the owner's administrators and editors who are among them. Brought back already: nothing.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if not may_bring_back(acting_user, locked):
            if locked.withdrawn is None and rights_on(acting_user, locked).decide_audience:
                return
            raise NotAllowed("Only the owner's editors bring a document back.")
        locked.withdrawn = None
        locked.save(update_fields=["withdrawn", "changed"])
        audit.record(
            "document.brought-back",
            acting_user=acting_user,
            acting_organisation=locked.owner,
            thing=locked,
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=False)
    document.withdrawn = None
