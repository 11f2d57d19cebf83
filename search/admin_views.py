"""The Wagtail report about what could not be indexed.

Invariant: for superusers, and groups that have the right; for everybody else, staff too, there is
no such page, because it tells that things exist.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import NotAllowed
from search.set_aside import (
    CHANGE,
    DELETE,
    VIEW,
    give_up,
    may,
    objects_set_aside,
    objects_that_wait,
    try_again,
)

PER_PAGE = 50
_ACTS = {"again": try_again, "give-up": give_up}


@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HttpRequest) -> HttpResponse:
    """List what was set aside; a button on each line tries it again or gives it up."""
    if not may(request.user, VIEW):
        raise Http404
    if request.method == "POST":
        return _act(request)
    page = Paginator(objects_set_aside(), PER_PAGE).get_page(request.GET.get("page"))
    waiting, failed = objects_that_wait()
    context = {
        "page_obj": page,
        "waiting": waiting,
        "failed": failed,
        "may_try": may(request.user, CHANGE),
        "may_give_up": may(request.user, DELETE),
    }
    return render(request, "search/admin/set_aside.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""))
    names = {name: request.POST.get(name, "")[:64] for name in ("engine", "kind", "key")}
    if any("\0" in value for value in names.values()):
        act = None
    try:
        done = act is not None and act(acting_user=request.user, **names)
    except NotAllowed as error:
        raise Http404 from error
    if not done:
        messages.warning(request, _("It is not set aside any more."))
    elif act is try_again:
        messages.success(request, _("It will be tried again within a minute."))
    else:
        messages.success(request, _("It is left as it is until it changes."))
    return redirect("search_set_aside")
