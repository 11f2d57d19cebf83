"""The notice about what is recorded: that it was read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.accounts.services.notices import acknowledge


@login_required
@require_POST
def acknowledge_notice(request: HttpRequest) -> HttpResponse:
    """Write that this person has read the notice, and go back to where they were."""
    acknowledge(acting_user=request.user, session=request.session)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(back if safe else reverse("home:my-work"))
