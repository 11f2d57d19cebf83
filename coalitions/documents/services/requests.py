"""Asking for a step up the ladder, and answering.

Invariant: who asks sees the document, who answers decides its audience and sees it too; a request
is answered once, under the document's lock, and the later of two deciders is told so.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.access import NotAllowed, Rung
from coalitions.documents.acting import organisation_acting
from coalitions.documents.labels import ladder_of
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.models.sharing import said_in
from coalitions.documents.permissions import further_rungs, height
from coalitions.documents.refusals import InWords
from coalitions.documents.services.audience_rows import Schedule
from coalitions.documents.services.open_requests import close, close_overtaken, is_overtaken
from coalitions.documents.services.sharing import (
    NotOnLadder,
    let_decide_as_owner,
    locked_document,
    share_locked,
)
from coalitions.documents.signals import share_requested
from coalitions.language import has_signs
from coalitions.network import audit
from coalitions.network.viewers import viewer_for

Outcome = ShareRequest.Outcome
# Nobody reads more documents in an hour than they would ask about.
MOST_AN_HOUR: Final = 20


class RequestRefused(InWords, ValueError):
    """What cannot be asked or answered, in words for the person who tried."""

    WORDS = {
        "reason": _("Say why. The people who decide read it."),
        "asked": _("You asked for this already. It waits for a decision."),
        "there": _("The document is shared so far already."),
        "many": _("You asked for much within an hour. Wait a little, and ask again then."),
        "answered": _("This request was answered or ended in the meantime."),
        "note": _("Say why not. Whoever asked reads it."),
    }


def ask_to_share(
    *, acting_user: Any, document: Document, rung: Rung | str, reason: str
) -> ShareRequest:
    """Ask the owner to share `document` as far as `rung`; for people who see it by their name.

    Raises NotAllowed for whoever does not see it, NotOnLadder for a rung that it cannot have,
    RequestRefused where there is nothing to ask, or nothing was said.
    """
    with transaction.atomic():
        locked = locked_document(document)
        _let_see(acting_user, locked)
        schedule, wanted = Schedule(locked), Rung(rung)
        ladder = ladder_of(locked, child_data=schedule.current.child_data)
        if wanted not in ladder:
            raise NotOnLadder(wanted)
        if wanted not in further_rungs(schedule.rung, ladder):
            raise RequestRefused("there")
        close_overtaken(locked)
        if locked.requests.open().filter(person=acting_user, rung=wanted).exists():
            raise RequestRefused("asked")
        said = said_in(reason)
        if not has_signs(said):
            raise RequestRefused("reason")
        _let_ask_more(acting_user)
        request = ShareRequest.objects.create(
            document=locked,
            rung=wanted,
            person=acting_user,
            organisation=organisation_acting(acting_user, locked.workspace),
            reason=said,
        )
        audit.record(
            "request.made",
            acting_user=acting_user,
            acting_organisation=request.organisation,
            thing=request,
            document=str(locked.uuid),
            rung=wanted.value,
        )
        share_requested.send(sender=ShareRequest, share_request=request)
        return request


def grant_request(
    *, acting_user: Any, request: ShareRequest, note: str = "", until: datetime | None = None
) -> None:
    """Share the document as far as was asked, at most until `until`; for those who decide it.

    Raises NotAllowed for everybody else, RequestRefused when it is not open any more, NotOnLadder
    and WrongEnd as sharing does.
    """
    with transaction.atomic():
        document, waiting = _to_answer(acting_user, request)
        if height(Rung(waiting.rung)) <= height(Schedule(document).rung):
            raise RequestRefused("there")
        close(waiting, Outcome.GRANTED, acting_user=acting_user, note=said_in(note))
        share_locked(document, acting_user, Rung(waiting.rung), until)


def refuse_request(*, acting_user: Any, request: ShareRequest, note: str) -> None:
    """Say no, and why; for those who decide who can see the document."""
    with transaction.atomic():
        _document, waiting = _to_answer(acting_user, request)
        said = said_in(note)
        if not has_signs(said):
            raise RequestRefused("note")
        close(waiting, Outcome.REFUSED, acting_user=acting_user, note=said)


def withdraw_request(*, acting_user: Any, request: ShareRequest) -> None:
    """Ask no longer; for whoever asked, while they see the document."""
    with transaction.atomic():
        document = locked_document(request.document)
        if request.person_id != acting_user.pk:
            raise NotAllowed("Only whoever asked withdraws a request.")
        _let_see(acting_user, document)
        close(_present(document, request), Outcome.WITHDRAWN, acting_user=acting_user)


def _to_answer(user: Any, request: ShareRequest) -> tuple[Document, ShareRequest]:
    document = locked_document(request.document)
    let_decide_as_owner(user, document)
    return document, _present(document, request)


def _present(document: Document, request: ShareRequest) -> ShareRequest:
    waiting: ShareRequest | None = (
        document.requests.open().with_names().filter(pk=request.pk).first()
    )
    if waiting is None or is_overtaken(waiting):
        raise RequestRefused("answered")
    return waiting


def _let_ask_more(user: Any) -> None:
    since = timezone.now() - timedelta(hours=1)
    if ShareRequest.objects.filter(person=user, since__gt=since).count() >= MOST_AN_HOUR:
        raise RequestRefused("many")


def _let_see(user: Any, document: Document) -> None:
    viewer = viewer_for(user)
    sees = Document.objects.visible_to(viewer).filter(pk=document.pk).exists()
    if viewer.user_uuid is None or not sees:
        raise NotAllowed("Only people who see a document ask for it to be shared further.")
