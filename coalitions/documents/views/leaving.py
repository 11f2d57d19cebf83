"""An organisation leaves a coalition: a dry run of what happens, and a confirmation bound to it.

Invariant: what is confirmed is what was shown; where that has changed, it is shown again.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.access import Rung
from coalitions.documents import services
from coalitions.documents.departure import Plan, plan_for
from coalitions.documents.reach import Step
from coalitions.documents.services import PlanChanged
from coalitions.network.middleware import viewer_of
from coalitions.network.models import CoalitionMembership, Organisation
from coalitions.network.permissions import is_administrator, leads_coalition
from coalitions.network.views.acts import coalition_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def leave_coalition(request: HttpRequest, uuid: UUID, slug: str) -> HttpResponse:
    """Show what will happen; on POST let the organisation leave, if that is still so."""
    viewer = viewer_of(request)
    coalition = coalition_or_404(request, uuid)
    inside = CoalitionMembership.objects.in_force().filter(coalition=coalition, leads=False)
    seen = Organisation.objects.visible_to(viewer).filter(pk__in=inside.values("organisation"))
    member = get_object_or_404(seen, slug=slug)
    own = is_administrator(request.user, member)
    if not own and not leads_coalition(request.user, coalition):
        raise Http404
    refused = ""
    changed = False
    if request.method == "POST":
        try:
            services.leave_coalition(
                acting_user=request.user,
                viewer=viewer,
                coalition=coalition,
                organisation=member,
                shown=request.POST.get("shown", ""),
            )
        except PlanChanged:
            changed = bool(request.POST.get("shown"))
        except ValidationError as error:
            refused = " ".join(error.messages)
        else:
            messages.success(request, _("The organisation has left the coalition."))
            if own:
                return redirect("network:organisation", member.slug)
            return redirect("network:coalition", coalition.uuid)
    plan = plan_for(request.user, viewer, coalition, member)
    if plan is None:
        raise Http404
    return render(
        request,
        "documents/leave.html",
        {
            "coalition": coalition,
            "organisation": member,
            "plan": plan,
            "lost": _in_words(plan),
            "changed_meanwhile": changed,
            "refused": refused,
        },
    )


def _in_words(plan: Plan) -> list[tuple[str, int]]:
    return [(Step(Rung(rung), "").name, number) for rung, number in plan.lost.items()]
