"""What a step on the ladder does to what was asked before it."""

from typing import Any

from django.utils import timezone

from coalitions.access import Rung
from coalitions.documents.labels import audience_of
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.permissions import height
from coalitions.documents.signals import share_request_closed
from coalitions.network import audit

Outcome = ShareRequest.Outcome


def close(request: ShareRequest, outcome: str, *, acting_user: Any | None, note: str = "") -> None:
    """End an open request of a locked document, write that it was so, tell whoever listens.

    `acting_user`: None where nobody ends it, but a date that was set.
    """
    request.until = max(timezone.now(), request.since)
    request.outcome, request.decided_by, request.note = outcome, acting_user, note
    request.save(update_fields=["until", "outcome", "decided_by", "note"])
    own = acting_user is not None and request.person_id == acting_user.pk
    audit.record(
        f"request.{outcome}",
        acting_user=acting_user,
        acting_organisation=request.organisation if own else request.document.owner,
        thing=request,
        document=str(request.document.uuid),
        rung=request.rung,
    )
    share_request_closed.send(sender=ShareRequest, share_request=request)


def answer_by_step(document: Document, rung: Rung, *, acting_user: Any, closes: bool) -> None:
    """End what is open: a step further grants what it reaches, a step back ends all."""
    for request in document.requests.open().with_names():
        if closes:
            close(request, Outcome.OVERTAKEN, acting_user=acting_user)
        elif height(Rung(request.rung)) <= height(rung):
            close(request, Outcome.GRANTED, acting_user=acting_user)


def is_overtaken(request: ShareRequest) -> bool:
    """Return whether a planned end came after `request`: it asks for a step from elsewhere.

    Until that end is announced the request is open still; see `close_overtaken`.
    """
    current = audience_of(request.document)
    return current is not None and current.planned and request.since < current.since


def close_overtaken(document: Document) -> None:
    """End what was asked of a locked document before its last planned end; who asked is told."""
    for request in document.requests.open().with_names():
        if is_overtaken(request):
            close(request, Outcome.OVERTAKEN, acting_user=None)
