"""Where one is signed in: one session ended, or all the others."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.accounts.services.sessions import (
    end_sessions,
    handle_of,
    session_named,
    sessions_of,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: HttpRequest) -> HttpResponse:
    """Show the sessions; a POST ends the one it names, or all others when it names none."""
    person = cast(User, request.user)
    if request.method == "POST":
        return _end(request, person)
    rows = [
        {"session": session, "handle": handle_of(session), "is_current": session.is_current()}
        for session in sessions_of(person)
    ]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


def _end(request: HttpRequest, person: User) -> HttpResponse:
    handle = request.POST.get("session")
    if handle is None:
        chosen = [row for row in sessions_of(person) if not row.is_current()]
    else:
        named = session_named(handle, person)
        chosen = [named] if named else []
    ends_this_one = any(session.is_current() for session in chosen)
    count = end_sessions(chosen, acting_user=person)
    if ends_this_one:
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    if count:
        text = ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", count)
        messages.success(request, text % {"n": count})
    else:
        messages.info(request, _("There was no session to end."))
    return HttpResponseRedirect(reverse("usersessions_list"))
