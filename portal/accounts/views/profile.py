"""The account page: name, language, colours, and the ways to password, sessions, second factor."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from coalitions.network.models import Affiliation
from portal.accounts.forms import ProfileForm
from portal.accounts.languages import remember_language
from portal.accounts.models import User
from portal.accounts.services.profile import change_profile
from portal.accounts.services.sessions import sessions_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account; a POST changes name, language and colours."""
    person = cast(User, request.user)
    # The form writes into its instance also when it is refused; the page's own user stays as is.
    copy = User.objects.get(pk=person.pk)
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=copy)
    if form.is_valid():
        fresh = change_profile(person, acting_user=person, **form.cleaned_data)
        with override(fresh.language):
            messages.success(request, _("Saved."))
            response = HttpResponseRedirect(reverse("accounts:account"))
        return remember_language(response, fresh.language)
    factors = Authenticator.objects.filter(user=person)
    return render(
        request,
        "accounts/account.html",
        {
            "form": form,
            "affiliations": Affiliation.objects.in_force()
            .filter(person=person)
            .select_related("organisation")
            .order_by("since", "pk"),
            "session_count": len(sessions_of(person)),
            "second_factor": factors.filter(type=Authenticator.Type.TOTP).exists(),
        },
    )
