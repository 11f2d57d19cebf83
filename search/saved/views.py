"""The pages of a person's saved searches, and the page on which mails are stopped.

Invariant: a saved search is there for its owner alone; whoever else asks gets the missing page. The
address of a feed stands on one answer only, which nothing keeps.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalitions.network.middleware import viewer_of
from search.engines.base import FacetValue
from search.facets import Group, groups
from search.models import SavedSearch
from search.models.saved import NAME_LIMIT
from search.saved import acts
from search.saved.forms import ChangeForm, SaveForm
from search.saved.keys import person_to_stop
from search.saved.present import REACH, seen_now
from search.saved.question import Question, question_of, read
from search.service import Shown

METHODS = ["GET", "HEAD", "POST"]
LATELY, OLDER = 20, 5


def _own(request: HttpRequest, uuid: UUID) -> SavedSearch:
    saved: SavedSearch | None = (
        SavedSearch.objects.visible_to(viewer_of(request)).filter(uuid=uuid).first()
    )
    if saved is None:
        raise Http404
    return saved


def _page_of(saved: SavedSearch) -> str:
    return reverse("search:saved-one", args=[saved.uuid])


def narrowed_by(question: Question, request: HttpRequest) -> list[Group]:
    """The filters of a question in words, as far as the viewer may know them."""
    chosen = {
        name: tuple(FacetValue(value, 0, True) for value in values)
        for name, values in question.filters.items()
    }
    return groups(chosen, viewer_of(request), QueryDict())


@login_required
@require_safe
def saved_list(request: HttpRequest) -> HttpResponse:
    """All of them, in the order of their numbers."""
    rows = []
    for saved in SavedSearch.objects.visible_to(viewer_of(request)):
        question = question_of(saved)
        filters = sum(len(values) for values in question.filters.values())
        rows.append({"saved": saved, "question": question, "filters": filters})
    return render(request, "search/saved_list.html", {"rows": rows, "most": acts.MOST})


@login_required
@require_http_methods(METHODS)
def saved_new(request: HttpRequest) -> HttpResponse:
    """Save what the address asks."""
    question = read(request.GET)
    if question.empty:
        return HttpResponseRedirect(reverse("search:results"))
    same = SavedSearch.objects.visible_to(viewer_of(request)).filter(digest=question.digest)
    saved = same.first()
    if saved is not None:
        messages.info(request, _("You have saved this search already."))
        return HttpResponseRedirect(_page_of(saved))
    sent = request.POST if request.method == "POST" else None
    form = SaveForm(sent, initial={"name": question.text[:NAME_LIMIT].strip()})
    if form.is_valid():
        try:
            saved = acts.save_search(
                acting_user=request.user,
                question=question,
                name=form.cleaned_data["name"],
                frequency=form.cleaned_data["frequency"],
                language=get_language() or settings.LANGUAGE_CODE,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The search is saved."))
            return HttpResponseRedirect(_page_of(saved))
    context = {"form": form, "question": question, "filters": narrowed_by(question, request)}
    return render(request, "search/saved_new.html", context)


@login_required
@require_http_methods(METHODS)
def saved_one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What it asks, what it found lately, and how it is told; a POST changes that."""
    saved = _own(request, uuid)
    sent = request.POST if request.method == "POST" else None
    kept = {"name": saved.name, "frequency": saved.frequency, "paused": saved.paused}
    form = ChangeForm(sent, initial=kept)
    if form.is_valid():
        try:
            acts.change_saved_search(saved, acting_user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The change is saved."))
            return HttpResponseRedirect(_page_of(saved))
    question = question_of(saved)
    context = {
        "saved": saved,
        "question": question,
        "filters": narrowed_by(question, request),
        "form": form,
        "lately": _lately(saved, request),
        "reach": REACH,
    }
    return render(request, "search/saved_one.html", context)


def _lately(saved: SavedSearch, request: HttpRequest) -> list[dict[str, Any]]:
    """What was found last and may be seen now: what is new, or a few of those known before."""
    finds = list(saved.finds.order_by("-first_seen", "-pk")[:LATELY])
    seen: dict[str, Shown] = seen_now(viewer_of(request), (find.ref for find in finds))
    rows = [
        {"item": seen[find.ref], "since": find.first_seen, "new": find.first_seen > saved.made}
        for find in finds
        if find.ref in seen
    ]
    return [row for place, row in enumerate(rows) if row["new"] or place < OLDER]


@login_required
@require_POST
def saved_feed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open, renew or close the feed. A new address is shown this one time."""
    saved = _own(request, uuid)
    if request.POST.get("act") == "close":
        acts.close_feed(saved, acting_user=request.user)
        messages.success(request, _("The feed is closed. Its address is not known any more."))
        return HttpResponseRedirect(_page_of(saved))
    key = acts.open_feed(saved, acting_user=request.user)
    address = settings.PUBLIC_URL + reverse("search-feed", args=[key])
    response = render(request, "search/saved_feed.html", {"saved": saved, "address": address})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(METHODS)
def saved_delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask on GET, delete on POST."""
    saved = _own(request, uuid)
    if request.method == "POST":
        acts.delete_saved_search(saved, acting_user=request.user)
        messages.success(request, _("The saved search is deleted."))
        return HttpResponseRedirect(reverse("search:saved"))
    return render(request, "search/saved_delete.html", {"saved": saved})


@csrf_exempt
@require_http_methods(METHODS)
def stop_alerts(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails to whom the link was sent: asked on GET, done on POST (RFC 8058).

    Without sign-in, and without a token of the form: programs of mail boxes send it too. It names
    nobody, and says the same to whoever sends it twice.
    """
    uuid = person_to_stop(token)
    person = get_user_model()._default_manager.filter(uuid=uuid).first() if uuid else None
    if person is None:
        raise Http404
    if request.method == "POST":
        acts.stop_mails(person)
    context = {"stopped": request.method == "POST"}
    response = render(request, "search/stop_alerts.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
