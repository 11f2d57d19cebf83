"""The tokens of an organisation: listed, made, revoked, by its administrators.

Invariant: a key stands on one answer only, which nothing keeps. Who is no administrator gets the
page that is missing.
"""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import Viewer
from coalitions.network.models import Organisation
from coalitions.network.permissions import is_administrator
from portal.accounts.models import User
from portal.api.forms import SCOPE_WORDS, TokenForm
from portal.api.models import ApiToken
from portal.api.services.tokens import create_token, revoke_token

METHODS = ["GET", "HEAD", "POST"]
SHOWN = 100


def _administered(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation, where the person may keep its tokens; else it is missing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    organisation = Organisation.objects.visible_to(viewer).filter(slug=slug).first()
    person = request.user
    if organisation is None or not person.is_authenticated:
        raise Http404
    if not is_administrator(person, organisation):
        raise Http404
    return organisation


def _rows(organisation: Organisation) -> list[dict[str, Any]]:
    tokens = ApiToken.objects.filter(organisation=organisation)[:SHOWN]
    rows = [
        {
            "token": token,
            "usable": token.is_usable(),
            "scopes": [SCOPE_WORDS[scope] for scope in token.scopes if scope in SCOPE_WORDS],
        }
        for token in tokens
    ]
    return sorted(rows, key=lambda row: not row["usable"])


@require_http_methods(METHODS)
def tokens(request: HttpRequest, slug: str) -> HttpResponse:
    """List the tokens; a POST makes one and shows its key, this one time."""
    organisation = _administered(request, slug)
    sent = request.POST if request.method == "POST" else None
    form = TokenForm(sent, organisation=organisation)
    if form.is_valid():
        try:
            token, key = create_token(
                organisation, acting_user=cast(User, request.user), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context = {"organisation": organisation, "token": token, "key": key}
            return _kept_by_nothing(render(request, "api/token_made.html", context))
    context = {"organisation": organisation, "form": form, "rows": _rows(organisation)}
    return _kept_by_nothing(render(request, "api/tokens.html", context))


@require_http_methods(METHODS)
def revoke(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Ask on GET, end the token on POST."""
    organisation = _administered(request, slug)
    token = ApiToken.objects.filter(organisation=organisation, uuid=uuid).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        revoke_token(token, acting_user=cast(User, request.user))
        messages.success(request, _("The token no longer works."))
        return HttpResponseRedirect(reverse("api:tokens", args=[organisation.slug]))
    context = {"organisation": organisation, "token": token}
    return render(request, "api/token_revoke.html", context)


def _kept_by_nothing(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
