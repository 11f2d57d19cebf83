"""The page behind the link of an invitation.

Invariant: looking changes nothing (mail scanners look at links). Without a link that works the
page tells nothing: not whether an account exists, nor why a link is dead.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coalitions.network.forms.invitations import AcceptForm
from coalitions.network.invitation_links import invitation_of, works
from coalitions.network.models import Invitation
from coalitions.network.services import DeadInvitation, accept_invitation


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the invitation offers, and accept it on POST."""
    invitation = invitation_of(token)
    if invitation is None or not works(invitation):
        return _dead(request)
    account = get_user_model()._default_manager.filter(email__iexact=invitation.email).first()
    if account is None and not request.user.is_authenticated:
        return _new_account(request, token, invitation)
    if account is not None and request.user.pk == account.pk:
        return _own_account(request, token, invitation)
    return _page(request, invitation, state="sign-in" if account else "other-account")


def _new_account(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_invitation(token, acting_user=None, **form.cleaned_data)
        except DeadInvitation:
            return _dead(request)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            # A backend that the settings do not name would be nobody at the next request.
            login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("network:organisation", slug=invitation.organisation.slug)
    return _page(request, invitation, state="new", form=form)


def _own_account(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            accept_invitation(token, acting_user=request.user)
        except DeadInvitation:
            return _dead(request)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            return redirect("network:organisation", slug=invitation.organisation.slug)
    return _page(request, invitation, state="own", refusal=refusal)


def _page(
    request: HttpRequest, invitation: Invitation, *, state: str, **context: Any
) -> HttpResponse:
    here = request.get_full_path()
    context |= {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "state": state,
        "sign_in_url": f"{reverse('account_login')}?next={here}",
        "role": invitation.get_role_display(),
    }
    return render(request, "network/invitation.html", context)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "network/invitation_dead.html", status=404)
