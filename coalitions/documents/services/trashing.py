"""Putting a document into the trash, and restoring it.

Invariant: a trashed document is seen by nobody, whatever its audience; nothing is deleted.
"""

from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import rights_on
from coalitions.documents.services.ending_links import Ended, end_links
from coalitions.documents.services.folders import changing_tree, uuid_of
from coalitions.documents.signals import document_changed
from coalitions.documents.trash import may_know_of, may_restore
from coalitions.network import audit

TRASHED: Final = ("trashed", "trashed_by", "trashed_for", "trashed_with")


def state_of(document: Document) -> str:
    """Return a short mark of what a person sees of `document`: title, place and version."""
    seen = (document.title, document.folder_id, document.current_version_id)
    # With the portal's own secret: nobody finds out the place by trying.
    return salted_hmac(__name__, repr(seen), algorithm="sha256").hexdigest()[:16]


def trash_document(*, acting_user: Any, document: Document, seen: str = "") -> bool:
    """Put `document` into the trash; return False where it lies there already.

    For the owner's administrators and editors, contributors who act for the owner, and the
    coordinators of its workspace. `seen`: the `state_of` that the person saw, where it is known;
    raises FolderRefused where that has changed since.
    """
    with transaction.atomic():
        locked = Document.objects.select_for_update().filter(pk=document.pk).first()
        if locked is not None and locked.trashed and may_know_of(acting_user, locked):
            return False
        rights = rights_on(acting_user, locked or document)
        if locked is None or not rights.trash:
            raise NotAllowed("Only the owner's people and coordinators trash a document.")
        if seen and seen != state_of(locked):
            raise FolderRefused("meanwhile")
        locked.trashed, locked.trashed_by = timezone.now(), acting_user
        locked.trashed_for = rights.organisation
        locked.save(update_fields=["trashed", "trashed_by", "trashed_for", "changed"])
        reached("trashing.row-written")
        end_links([locked], Ended.TRASHED, acting_user=acting_user)
        audit.record(
            "document.trashed",
            acting_user=acting_user,
            acting_organisation=rights.organisation,
            thing=locked,
        )
        document_changed.send(sender=Document, document=locked, audience_tightened=True)
        reached("trashing.before-commit")
    document.trashed = locked.trashed
    return True


def _record_restored(user: Any, document: Document, before: Folder | None) -> None:
    """Write that it is back, and that it is at the top now where its folder is not there."""
    organisation = rights_on(user, document).organisation
    audit.record(
        "document.restored", acting_user=user, acting_organisation=organisation, thing=document
    )
    if before != document.folder:
        audit.record(
            "document.moved",
            acting_user=user,
            acting_organisation=organisation,
            thing=document,
            before=uuid_of(before),
            after=uuid_of(document.folder),
        )


def restore_document(*, acting_user: Any, document: Document) -> bool:
    """Put `document` back where it was, or to the top; return False where it is back already.

    Those see it again who saw it before. For whoever might trash it now and is among them, but
    what the owner's people put there, a coordinator of another organisation leaves there.
    """
    with changing_tree(document.workspace) as tree:
        locked = Document.objects.select_for_update().filter(pk=document.pk).first()
        if locked is None or not may_restore(acting_user, locked):
            if locked is not None and rights_on(acting_user, locked).trash:
                return False
            raise NotAllowed("Only those who might trash a document restore it.")
        before = locked.folder
        locked.folder = tree.by_key.get(locked.folder_id) if locked.folder_id else None
        locked.trashed = locked.trashed_by = locked.trashed_for = locked.trashed_with = None
        locked.save(update_fields=["folder", *TRASHED, "changed"])
        _record_restored(acting_user, locked, before)
        document_changed.send(sender=Document, document=locked, audience_tightened=False)
        reached("restoring.before-commit")
    document.trashed, document.folder = None, locked.folder
    return True
