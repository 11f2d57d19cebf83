"""Programmes of a coalition, entered by the administrators of its lead."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.network.forms.programmes import ProgrammeForm
from coalitions.network.permissions import is_secretariat_administrator, leads_coalition
from coalitions.network.services import enter_programme
from coalitions.network.views.acts import act_page, coalition_or_404, only_if, posted


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Enter a programme that documents of the coalition's workspaces can name."""
    shown = coalition_or_404(request, uuid)
    only_if(leads_coalition(request.user, shown) or is_secretariat_administrator(request.user))
    form = ProgrammeForm(posted(request))
    return act_page(
        request,
        form,
        template="network/programme_form.html",
        act=lambda: enter_programme(coalition=shown, acting_user=request.user, **form.cleaned_data),
        done=_("The programme is entered. Documents can now name it."),
        back=reverse("network:coalition", args=[shown.uuid]),
        context={"coalition": shown},
    )
