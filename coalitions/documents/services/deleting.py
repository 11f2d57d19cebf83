"""Deleting a trashed document for good before its time.

Invariant: the owner's administrators and editors alone, of whom one confirmed it on its own page.
"""

from typing import Any

from coalitions.access import NotAllowed
from coalitions.documents.models import Document
from coalitions.documents.purging import purge_document
from coalitions.documents.trash import deletable
from coalitions.network.viewers import viewer_for


def delete_for_good(*, acting_user: Any, document: Document) -> bool:
    """Delete `document` with its files; False where it was restored at this moment."""
    theirs = deletable(acting_user, viewer_for(acting_user))
    if not theirs.filter(pk=document.pk).exists():
        raise NotAllowed("Only the owner's administrators and editors delete for good.")
    return purge_document(document.pk, acting_user=acting_user, acting_organisation=document.owner)
