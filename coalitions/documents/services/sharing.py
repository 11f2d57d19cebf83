"""Who can see a document: decided by its owner alone, kept as dated rows.

Invariant: at every instant exactly one audience row is in force; the old one ends at the very
instant at which the new one begins. What was asked before a step is ended or granted by it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from coalitions.access import NotAllowed, Rung
from coalitions.crash_points import reached
from coalitions.documents.labels import ladder_of
from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.permissions import Rights, height, rights_on
from coalitions.documents.services.audience_rows import Schedule, Stretch, write
from coalitions.documents.services.open_requests import answer_by_step
from coalitions.documents.services.version_rights import set_others_add_versions
from coalitions.network.models import Organisation


class NotOnLadder(ValueError):
    """An audience that this document, or this person for it, does not have."""

    @property
    def message(self) -> str:
        """What is wrong, for the person who chose it."""
        return _(
            "It cannot be shared so: its place, or data about a child in it, does not allow it."
        )


class WrongEnd(ValueError):
    """An end that is over already, or one for a step back: only sharing further can end."""

    @property
    def message(self) -> str:
        """What is wrong, for the person who chose it."""
        return _(
            "This end cannot be: the day is over, or somebody changed meanwhile who can see the "
            "document. Look at it again."
        )


def share_document(
    *,
    acting_user: Any,
    document: Document,
    rung: Rung | str,
    until: datetime | None = None,
) -> DocumentAudience:
    """Let `document` be seen as far as `rung`; for those who decide it for the owner.

    `until`: from then on it is back where it stood before. On the rung where it stands, the end
    is changed. Raises NotOnLadder for a rung that its place or its child data does not allow,
    WrongEnd for an end that cannot be, NotAllowed for everybody else.
    """
    with transaction.atomic():
        locked = locked_document(document)
        acting = let_decide(acting_user, locked).organisation
        return share_locked(locked, acting_user, Rung(rung), until, acting)


def share_locked(
    document: Document,
    acting_user: Any,
    rung: Rung,
    until: datetime | None,
    organisation: Organisation | None = None,
) -> DocumentAudience:
    """Do it: the document is locked and the person's right is known.

    `organisation`: for which they decide, the owner where None.
    """
    schedule = Schedule(document)
    child_data = schedule.current.child_data
    if rung not in ladder_of(document, child_data=child_data):
        raise NotOnLadder(rung)
    if until is not None:
        _check_end(schedule, rung, until)
    reached("sharing.checked")
    row = write(
        schedule,
        schedule.with_rung(rung, until),
        child_data=child_data,
        acting_user=acting_user,
        verb="document.shared",
        organisation=organisation,
    )
    answer_by_step(
        document, rung, acting_user=acting_user, closes=height(rung) < height(schedule.rung)
    )
    return row


def _check_end(schedule: Schedule, rung: Rung, until: datetime) -> None:
    further = height(rung) > height(schedule.rung)
    ends = rung == schedule.rung and bool(schedule.ahead)
    if until <= schedule.now or not (further or ends):
        raise WrongEnd(rung)


def mark_child_data(*, acting_user: Any, document: Document) -> DocumentAudience:
    """Mark `document` as holding data about a child, and draw it back to the workspace at most.

    For everybody who may edit it: the label only ever closes. Who asked is told that it ended.
    """
    with transaction.atomic():
        locked = locked_document(document)
        rights = rights_on(acting_user, locked)
        if not rights.edit:
            raise NotAllowed("Only people of the owning organisation mark child data.")
        schedule = Schedule(locked)
        if schedule.current.child_data:
            return schedule.current
        if not locked.shows_child:
            Document.objects.filter(pk=locked.pk).update(shows_child=True)
        row = write(
            schedule,
            schedule.sealed(),
            child_data=True,
            acting_user=acting_user,
            verb="document.child-data-marked",
            organisation=rights.organisation,
        )
        answer_by_step(locked, Rung(row.rung), acting_user=acting_user, closes=True)
        if locked.others_add_versions:
            set_others_add_versions(locked, acting_user, False)
        return row


def unmark_locked(document: Document, acting_user: Any) -> DocumentAudience:
    """Take the label away from a locked document; who can see it stays."""
    schedule = Schedule(document)
    return write(
        schedule,
        [Stretch(schedule.now, schedule.rung), *schedule.ahead],
        child_data=False,
        acting_user=acting_user,
        verb="document.child-data-unmarked",
    )


def locked_document(document: Document) -> Document:
    """Return the present state of the document, locked until the transaction ends."""
    # Locked by itself first: whoever moved it to another workspace meanwhile changed what it is
    # joined with, and a row that waited for its lock is not found by the old join.
    Document.objects.select_for_update().only("pk").get(pk=document.pk)
    found = Document.objects.select_related("owner", "workspace__coalition")
    locked: Document = found.get(pk=document.pk)
    return locked


def let_decide_as_owner(user: Any, document: Document) -> None:
    """Raise NotAllowed unless `user` decides for the owner itself, and may open what is closed."""
    if not rights_on(user, document).as_owner:
        raise NotAllowed("Only the owner lets more people see a document.")


def let_decide(user: Any, document: Document) -> Rights:
    """Return the rights of `user` who decides who can see `document`, or raise NotAllowed."""
    rights = rights_on(user, document)
    if not rights.decide_audience:
        raise NotAllowed("Only the owner decides who can see a document.")
    return rights
