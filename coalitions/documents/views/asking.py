"""Asking for a step up the ladder, answering, and the two people of child data.

Invariant: a request is found among those of a document that the viewer sees, by whoever asked or
decides; for everybody else it is the missing page.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import NotAllowed, Rung
from coalitions.documents import services
from coalitions.documents.asked import own_requests, with_shown_organisations
from coalitions.documents.forms.sharing import AnswerForm, AskForm, LiftForm
from coalitions.documents.labels import ladder_of
from coalitions.documents.models import Document, ShareRequest
from coalitions.documents.permissions import further_rungs, rights_on
from coalitions.documents.planned import falls_back, last_day
from coalitions.documents.reach import Reach
from coalitions.documents.services.lifting import open_lift
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)

ANSWERS = ("grant", "refuse")


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask the owner for a step up, with a reason."""
    found = visible_document(request, uuid)
    if not request.user.is_authenticated:
        raise NotAllowed("Strangers ask for nothing.")
    ladder = ladder_of(found, child_data=found.child_data)
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    steps = reach.steps(further_rungs(found.rung, ladder))
    form = AskForm(request.POST if request.method == "POST" else None, steps=steps)
    if steps and request.method == "POST" and form.is_valid():
        try:
            services.ask_to_share(
                acting_user=request.user,
                document=found,
                rung=form.cleaned_data["rung"],
                reason=form.cleaned_data["reason"],
            )
        except services.RequestRefused as refused:
            form.add_error("reason" if refused.code == "reason" else "rung", refused.message)
        except services.NotOnLadder as refused:
            form.add_error("rung", refused.message)
        else:
            messages.success(request, _("Your request was sent. You will be told the answer."))
            return redirect("documents:document", found.uuid)
    return render(
        request,
        "documents/ask.html",
        context_for(request, found, form=form, steps=steps, words_now=reach.words(found.rung)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def share_request(request: HttpRequest, uuid: UUID, asked: UUID) -> HttpResponse:
    """Show one request to whoever asked and to whoever decides; take the answer."""
    found = visible_document(request, uuid)
    row = _request_or_404(request, found, asked)
    decides = rights_on(request.user, found, viewer_of(request)).as_owner
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, initial={"until": last_day(found)}) if decides else None
    if request.method == "POST":
        act = request.POST.get("answer", "")
        if act == "withdraw" and row.person_id == request.user.pk:
            return _withdraw(request, found, row)
        if act in ANSWERS and form is not None and form.is_valid():
            done = _answer(request, found, row, form, act)
            if done is not None:
                return done
    with_shown_organisations([row], viewer_of(request))
    rung = Rung(row.rung)
    ladder = ladder_of(found, child_data=found.child_data)
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    return render(
        request,
        "documents/share_request.html",
        context_for(
            request,
            found,
            asked=row,
            form=form if row.is_open else None,
            decides=decides,
            is_own=row.person_id == request.user.pk,
            steps=reach.steps(ladder[: ladder.index(rung) + 1]) if rung in ladder else [],
            words_then=reach.words(rung),
            falls_back=falls_back(found),
        ),
    )


def _request_or_404(request: HttpRequest, found: Document, uuid: UUID) -> ShareRequest:
    if not request.user.is_authenticated:
        raise Http404
    rows = ShareRequest.objects.filter(document=found).select_related(
        "person", "organisation", "decided_by"
    )
    row: ShareRequest | None = rows.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    decides = rights_on(request.user, found, viewer_of(request)).as_owner
    if not decides and row.person_id != request.user.pk:
        raise Http404
    return row


def _withdraw(request: HttpRequest, found: Any, row: ShareRequest) -> HttpResponse:
    try:
        services.withdraw_request(acting_user=request.user, request=row)
    except services.RequestRefused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, _("Your request was withdrawn."))
    return redirect("documents:document", found.uuid)


def _answer(
    request: HttpRequest, found: Any, row: ShareRequest, form: AnswerForm, act: str
) -> HttpResponse | None:
    note = form.cleaned_data["note"]
    try:
        if act == "grant":
            services.grant_request(
                acting_user=request.user, request=row, note=note, until=form.cleaned_data["until"]
            )
            said = _("Granted. Who can see %(reference)s has been changed.")
        else:
            services.refuse_request(acting_user=request.user, request=row, note=note)
            said = _("Refused. Who can see %(reference)s stays as it is.")
    except services.WrongEnd as refused:
        form.add_error("until", refused.message)
        return None
    except (services.RequestRefused, services.NotOnLadder) as refused:
        if getattr(refused, "code", "") == "note":
            form.add_error("note", refused.message)
            return None
        messages.warning(request, refused.message)
        return redirect("documents:request", found.uuid, row.uuid)
    messages.success(request, said % {"reference": found.reference})
    return redirect("documents:document", found.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Propose to take the mark *child data* away, or confirm it as the second person."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "as_owner")
    if not found.child_data:
        return redirect("documents:document", found.uuid)
    proposal = open_lift(found)
    form = LiftForm(request.POST if proposal is None and request.method == "POST" else None)
    if request.method == "POST":
        done = _lift(request, found, proposal, form)
        if done is not None:
            return done
    return render(
        request,
        "documents/lift.html",
        context_for(
            request,
            found,
            form=form,
            proposal=proposal,
            is_own=proposal is not None and proposal.proposed_by_id == request.user.pk,
        ),
    )


def _lift(request: HttpRequest, found: Any, proposal: Any, form: LiftForm) -> HttpResponse | None:
    act, said = request.POST.get("answer", ""), ""
    try:
        if proposal is not None and request.POST.get("proposal") == str(proposal.uuid):
            if act == "confirm":
                services.confirm_lift(acting_user=request.user, lift=proposal)
                said = _("The mark was taken away from %(reference)s.")
            elif act == "refuse":
                services.refuse_lift(acting_user=request.user, lift=proposal)
                said = _("The mark stays on %(reference)s.")
        elif proposal is None and act == "propose" and form.is_valid():
            services.propose_lift(
                acting_user=request.user, document=found, reason=form.cleaned_data["reason"]
            )
            said = _("Proposed. A second person of the organisation has to confirm it.")
    except services.LiftRefused as refused:
        if refused.code == "reason":
            form.add_error("reason", refused.message)
            return None
        messages.warning(request, refused.message)
        return redirect("documents:lift", found.uuid)
    if not said:
        return None
    messages.success(request, said % {"reference": found.reference})
    return redirect("documents:document", found.uuid)


def waiting_on(
    request: HttpRequest, found: Any, rights: Any, ladder: tuple[Rung, ...]
) -> dict[str, Any]:
    """Return what the document's own page tells of requests and proposals."""
    if not request.user.is_authenticated:
        return {}
    waiting: dict[str, Any] = {
        "may_ask": not rights.as_owner and bool(further_rungs(found.rung, ladder)),
        "own_requests": own_requests(request.user, viewer_of(request)).filter(document=found),
    }
    if rights.as_owner:
        waiting["open_requests"] = with_shown_organisations(
            found.requests.open().with_names(), viewer_of(request)
        )
        waiting["open_lift"] = open_lift(found) if found.child_data else None
    return waiting
