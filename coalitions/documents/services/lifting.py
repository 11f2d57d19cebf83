"""Taking the mark *child data* away: one person of the owner proposes it, another confirms.

Invariant: both decide who can see the document at the moment of the confirmation, and they are
two people. A proposal counts for fourteen days.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models import ChildDataLift, Document
from coalitions.documents.models.sharing import said_in
from coalitions.documents.permissions import rights_on
from coalitions.documents.refusals import InWords
from coalitions.documents.services.audience_rows import Schedule
from coalitions.documents.services.sharing import (
    let_decide_as_owner,
    locked_document,
    unmark_locked,
)
from coalitions.language import has_signs
from coalitions.network import audit

Outcome = ChildDataLift.Outcome


class LiftRefused(InWords, ValueError):
    """What cannot be proposed or confirmed, in words for the person who tried."""

    WORDS = {
        "reason": _("Say why no child can be harmed by it. The second person reads it."),
        "unmarked": _("This document is not marked as child data."),
        "proposed": _("Somebody proposed it already. A second person has to confirm."),
        "over": _("This proposal was answered, or has expired."),
        "same": _("You proposed it. A second person of your organisation has to confirm."),
        "gone": _(
            "Whoever proposed it does not decide about this document any more. Propose it anew."
        ),
    }


def open_lift(document: Document) -> ChildDataLift | None:
    """Return the proposal that counts now, if there is one."""
    lift: ChildDataLift | None = (
        ChildDataLift.objects.open().filter(document=document).select_related("proposed_by").first()
    )
    return lift


def propose_lift(*, acting_user: Any, document: Document, reason: str) -> ChildDataLift:
    """Propose that `document` is no child data; for those who decide who can see it."""
    with transaction.atomic():
        locked = locked_document(document)
        let_decide_as_owner(acting_user, locked)
        if not Schedule(locked).current.child_data:
            raise LiftRefused("unmarked")
        if open_lift(locked) is not None:
            raise LiftRefused("proposed")
        said = said_in(reason)
        if not has_signs(said):
            raise LiftRefused("reason")
        for old in ChildDataLift.objects.filter(document=locked, until__isnull=True):
            _close(old, Outcome.EXPIRED, None)
        lift = ChildDataLift.objects.create(document=locked, proposed_by=acting_user, reason=said)
        _record("child-data-lift.proposed", acting_user, locked, lift)
        return lift


def confirm_lift(*, acting_user: Any, lift: ChildDataLift) -> None:
    """Take the mark away, as the second person of the owner."""
    with transaction.atomic():
        document, waiting = _to_answer(acting_user, lift)
        if waiting.proposed_by_id == acting_user.pk:
            raise LiftRefused("same")
        if not rights_on(waiting.proposed_by, document).as_owner:
            raise LiftRefused("gone")
        _close(waiting, Outcome.CONFIRMED, acting_user)
        _record("child-data-lift.confirmed", acting_user, document, waiting)
        unmark_locked(document, acting_user)


def refuse_lift(*, acting_user: Any, lift: ChildDataLift) -> None:
    """Leave the mark: the second person says no, or the first takes the proposal back."""
    with transaction.atomic():
        document, waiting = _to_answer(acting_user, lift)
        own = waiting.proposed_by_id == acting_user.pk
        outcome = Outcome.WITHDRAWN if own else Outcome.REFUSED
        _close(waiting, outcome, acting_user)
        _record(f"child-data-lift.{outcome.value}", acting_user, document, waiting)


def _to_answer(user: Any, lift: ChildDataLift) -> tuple[Document, ChildDataLift]:
    document = locked_document(lift.document)
    let_decide_as_owner(user, document)
    waiting = open_lift(document)
    if waiting is None or waiting.pk != lift.pk:
        raise LiftRefused("over")
    return document, waiting


def _close(lift: ChildDataLift, outcome: str, user: Any | None) -> None:
    lift.until = max(timezone.now(), lift.since)
    lift.outcome, lift.decided_by = outcome, user
    lift.save(update_fields=["until", "outcome", "decided_by"])


def _record(verb: str, user: Any, document: Document, lift: ChildDataLift) -> None:
    audit.record(
        verb,
        acting_user=user,
        acting_organisation=document.owner,
        thing=lift,
        document=str(document.uuid),
    )
