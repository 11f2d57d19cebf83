"""Who can see a document: decided by its owner alone, kept as dated rows.

Invariant: at every instant exactly one audience row is in force; the old one ends at the very
instant at which the new one begins.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from coalitions.access import LADDER, NotAllowed, Rung
from coalitions.crash_points import reached
from coalitions.documents.labels import labels_of_audience, ladder_of
from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.permissions import rights_on
from coalitions.documents.signals import document_changed
from coalitions.network import audit


class NotOnLadder(ValueError):
    """An audience that this document, or this person for it, does not have."""


def share_document(*, acting_user: Any, document: Document, rung: Rung | str) -> DocumentAudience:
    """Let `document` be seen as far as `rung`; for the owner's administrators and editors.

    Where it stands there already, nothing is changed. Raises NotOnLadder for a rung that its
    place or its child data does not allow, NotAllowed for everybody else.
    """
    with transaction.atomic():
        locked = _locked(document)
        _let_decide(acting_user, locked)
        current = _open_row(locked)
        wanted = Rung(rung)
        if wanted not in ladder_of(locked, child_data=current.child_data):
            raise NotOnLadder(wanted)
        reached("sharing.checked")
        return _replace(locked, current, wanted, current.child_data, acting_user, "document.shared")


def mark_child_data(*, acting_user: Any, document: Document) -> DocumentAudience:
    """Mark `document` as holding data about a child, and draw it back to the workspace at most.

    For everybody who may edit it: the label only ever closes.
    """
    with transaction.atomic():
        locked = _locked(document)
        if not rights_on(acting_user, locked).edit:
            raise NotAllowed("Only people of the owning organisation mark child data.")
        current = _open_row(locked)
        ladder = ladder_of(locked, child_data=True)
        rung = Rung(current.rung)
        if rung not in ladder:
            rung = ladder[-1] if rung in LADDER else ladder[0]
        return _replace(locked, current, rung, True, acting_user, "document.child-data-marked")


def unmark_child_data(*, acting_user: Any, document: Document) -> DocumentAudience:
    """Take the label away; the rung stays. For the owner's administrators and editors."""
    with transaction.atomic():
        locked = _locked(document)
        _let_decide(acting_user, locked)
        current = _open_row(locked)
        rung = Rung(current.rung)
        return _replace(locked, current, rung, False, acting_user, "document.child-data-unmarked")


def _locked(document: Document) -> Document:
    locked: Document = (
        Document.objects.select_for_update(of=("self",))
        .select_related("owner", "workspace__coalition")
        .get(pk=document.pk)
    )
    return locked


def _let_decide(user: Any, document: Document) -> None:
    if not rights_on(user, document).decide_audience:
        raise NotAllowed("Only editors and administrators of the owner decide who can see it.")


def _open_row(document: Document) -> DocumentAudience:
    row: DocumentAudience = document.audiences.get(until__isnull=True)
    return row


def _replace(
    document: Document,
    current: DocumentAudience,
    rung: Rung,
    child_data: bool,
    acting_user: Any,
    verb: str,
) -> DocumentAudience:
    """End the row in force and begin the next at the same instant; tell whoever listens."""
    if (current.rung, current.child_data) == (rung.value, child_data):
        return current
    before = labels_of_audience(document, current)
    moment = max(timezone.now(), current.since)
    current.end(moment)
    reached("sharing.row-ended")
    row = DocumentAudience.objects.create(
        document=document,
        rung=rung,
        child_data=child_data,
        decided_by=acting_user,
        organisation=document.owner,
        since=moment,
    )
    reached("sharing.row-begun")
    audit.record(
        verb,
        acting_user=acting_user,
        acting_organisation=document.owner,
        thing=document,
        before=current.rung,
        after=rung.value,
    )
    tightened = bool(before - labels_of_audience(document, row))
    document_changed.send(sender=Document, document=document, audience_tightened=tightened)
    reached("sharing.before-commit")
    return row
