"""One act on several documents: what was chosen is asked about, done, and answered for each.

Invariant: what was chosen is found among what the viewer may see; each thing is changed by the
service that changes one. Nothing here needs a script.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coalitions.access import LADDER, Rung
from coalitions.documents import bulk
from coalitions.documents.archives import MOST_FILES, archive_of, archive_response
from coalitions.documents.forms.folders import MoveForm
from coalitions.documents.forms.selection import ArchiveForm, RungForm, SureForm, ThemesForm
from coalitions.documents.models import DocumentAudience
from coalitions.documents.reach import Reach
from coalitions.documents.selection import (
    ACTS,
    DOWNLOAD,
    MOST,
    MOVE,
    SHARE,
    THEMES,
    Act,
    Selection,
    TooMany,
    selection_of,
)
from coalitions.documents.tree import Tree
from coalitions.documents.undoing import CannotUndo, undo, written
from coalitions.documents.views.finding import viewer_of

# A step so far is confirmed on a page of its own, which says who that is.
_CONFIRMED: Final = (Rung.NETWORK, Rung.PUBLIC)


@require_http_methods(["GET", "HEAD", "POST"])
def selection(request: HttpRequest) -> HttpResponseBase:
    """Ask about an act on what was chosen; sent again with `confirmed`, do it."""
    if not request.user.is_authenticated:
        raise Http404
    if request.method != "POST":
        return redirect("documents:mine")
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        chosen = selection_of(request.POST, viewer_of(request))
    except TooMany as many:
        return _back(request, _too_many(many.number))
    if chosen.is_empty:
        return _back(request, _("Choose at least one document first."))
    if not chosen.documents and not chosen.folders:
        return _answer(request, act, bulk.not_found(chosen.missing))
    if act is MOVE and not _in_one_own_workspace(request, chosen):
        # Where else it might go to would tell of a place that this person is not in.
        return _back(request, _("Documents move within one workspace that you are a member of."))
    return _ask(request, act, chosen)


def _in_one_own_workspace(request: HttpRequest, chosen: Selection) -> bool:
    places = {place.uuid for place in chosen.workspaces}
    return len(places) == 1 and places <= viewer_of(request).workspaces


def _too_many(number: int) -> str:
    return ngettext(
        "At most %(most)s can be done at once, and you chose %(n)s. Choose fewer.",
        "At most %(most)s can be done at once, and you chose %(n)s. Choose fewer.",
        number,
    ) % {"most": MOST, "n": number}


def _back(request: HttpRequest, words: str) -> HttpResponse:
    """Return to the list with a message."""
    messages.warning(request, words)
    return redirect(_list(request))


def _list(request: HttpRequest) -> str:
    address = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return address
    return redirect("documents:mine").headers["Location"]


def _ask(request: HttpRequest, act: Act, chosen: Selection) -> HttpResponseBase:
    """Show what is asked before the act; where that is answered, do it."""
    data = request.POST if "confirmed" in request.POST else None
    form, more = _form(request, act, chosen, data)
    if form.is_valid() and not more.get("refused"):
        rung = form.chosen if isinstance(form, RungForm) else None
        if rung in _CONFIRMED and request.POST.get("sure") != rung:
            more |= {"sure_of": rung, "words": form.words[rung]}
        else:
            return _do(request, act, chosen, form, more)
    context = {
        "act": act.name,
        "icon": act.icon,
        "words": act.words,
        "chosen": chosen,
        "form": form,
        "back": _list(request),
        **more,
    }
    return render(request, "documents/selection.html", context)


def _form(request: HttpRequest, act: Act, chosen: Selection, data: Any) -> tuple[Any, Any]:
    """Return the form of an act, and what else its page shows."""
    if act is MOVE:
        tree = Tree.of(chosen.workspaces[0])
        folders = {row.document.folder for row in chosen.documents}
        here = folders.pop() if len(folders) == 1 else None
        return MoveForm(data, folder=here, tree=tree), {"workspace": chosen.workspaces[0]}
    if act is THEMES:
        return ThemesForm(data), {}
    if act is SHARE:
        return RungForm(data, _rungs(request, chosen)), {}
    if act is DOWNLOAD:
        archive = archive_of(chosen, viewer_of(request))
        facts = {
            "archive": archive,
            "refused": archive.is_too_large or not archive.entries,
            "limit": settings.ZIP_MAX_BYTES,
            "most_files": MOST_FILES,
        }
        return ArchiveForm(data), facts
    return SureForm(data), {"trash_days": settings.DOCUMENT_TRASH_DAYS}


def _rungs(request: HttpRequest, chosen: Selection) -> list[tuple[str, str]]:
    """Return the rungs with who that is; in words of the place where all are of one that is known.

    Of places that the viewer does not see, not even that two documents share one is told.
    """
    names = dict(DocumentAudience._meta.get_field("rung").flatchoices)
    documents = [row.document for row in chosen.documents]
    if not documents:
        return []
    alike = {(document.owner_id, document.workspace_id) for document in documents}
    viewer = viewer_of(request)
    in_words = len(alike) == 1 and documents[0].workspace.uuid in viewer.workspaces
    reach = Reach(viewer, documents[0].workspace, documents[0].owner)
    # That a place is need-to-know is told to those who know the place.
    needs_members = any(
        document.workspace.need_to_know
        and (
            document.workspace.uuid in viewer.workspaces
            or document.owner.uuid in viewer.organisations
        )
        for document in documents
    )
    rungs = [Rung.MEMBERS, *LADDER] if needs_members else list(LADDER)
    everywhere = (Rung.NETWORK, Rung.PUBLIC)
    return [
        (
            rung.value,
            f"{names[rung.value]}: {reach.words(rung)}"
            if in_words or rung in everywhere
            else str(names[rung.value]),
        )
        for rung in rungs
    ]


def _do(
    request: HttpRequest, act: Act, chosen: Selection, form: Any, more: Any
) -> HttpResponseBase:
    user = request.user
    if act is DOWNLOAD:
        neutral = form.cleaned_data["neutral"]
        return archive_response(request, more["archive"], neutral=neutral)
    if act is MOVE:
        outcomes = bulk.move(user, chosen, form.folder)
    elif act is THEMES:
        outcomes = bulk.change_themes(user, chosen, **form.groups)
    elif act is SHARE:
        outcomes = bulk.share(user, chosen, form.chosen)
    else:
        outcomes = bulk.trash(user, chosen)
    return _answer(request, act, outcomes + bulk.not_found(chosen.missing))


def _answer(request: HttpRequest, act: Act | None, outcomes: list[bulk.Outcome]) -> HttpResponse:
    context = {
        "act": act,
        "outcomes": outcomes,
        "done": sum(outcome.is_done for outcome in outcomes),
        "undo": written(request.user, outcomes) if act else "",
        "back": _list(request),
    }
    return render(request, "documents/selection_done.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_selection(request: HttpRequest) -> HttpResponse:
    """Take back what was done with several documents."""
    if not request.user.is_authenticated:
        raise Http404
    if request.method != "POST":
        return redirect("documents:mine")
    try:
        outcomes = undo(request.user, viewer_of(request), request.POST.get("undo", ""))
    except CannotUndo:
        return _back(request, _("This cannot be taken back any more."))
    return _answer(request, None, outcomes)
