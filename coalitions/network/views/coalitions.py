"""Coalitions: seen by their members, looked after by the administrators of their lead."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.network.forms.organisations import (
    AddOrganisationForm,
    CoalitionForm,
    coalition_facts,
)
from coalitions.network.models import (
    Coalition,
    CoalitionMembership,
    Organisation,
    Programme,
    Workspace,
)
from coalitions.network.permissions import (
    administered_by,
    is_administrator,
    is_secretariat_administrator,
    leads_coalition,
)
from coalitions.network.presentation import by_name
from coalitions.network.services import (
    add_organisation_to_coalition,
    change_coalition,
    found_coalition,
    hand_over_lead,
)
from coalitions.network.services.workspaces import lead_of
from coalitions.network.sight import seen_organisations
from coalitions.network.views.acts import (
    act_page,
    coalition_or_404,
    only_if,
    organisation_or_404,
    posted,
    viewer_of,
)


@require_safe
def coalition(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a coalition's members and the workspaces that the viewer is in."""
    found = coalition_or_404(request, uuid)
    viewer = viewer_of(request)
    leads = dict(
        CoalitionMembership.objects.in_force()
        .filter(coalition=found)
        .values_list("organisation_id", "leads")
    )
    seen = seen_organisations(viewer, leads)
    own = set(administered_by(request.user).values_list("pk", flat=True))
    members = sorted(seen.values(), key=lambda row: (not leads[row.pk], by_name(row.name)))
    context = {
        "coalition": found,
        "members": [
            {
                "organisation": row,
                "leads": leads[row.pk],
                "may_leave": row.pk in own and not leads[row.pk],
            }
            for row in members
        ],
        "workspaces": Workspace.objects.visible_to(viewer).filter(coalition=found),
        "programmes": Programme.objects.visible_to(viewer).filter(coalition=found),
        "is_member": found.uuid in viewer.coalitions,
        "own_rules": _own_rules(request, found),
        "leads_it": leads_coalition(request.user, found),
        "may_enter_programme": leads_coalition(request.user, found)
        or is_secretariat_administrator(request.user),
        "may_hand_over": _may_hand_over(request, found),
    }
    return render(request, "network/coalition.html", context)


def _own_rules(request: HttpRequest, found: Coalition) -> list[CoalitionMembership]:
    """Return the memberships of the viewer's organisations that keep an older rule."""
    rows = CoalitionMembership.objects.in_force().filter(
        coalition=found, organisation__uuid__in=viewer_of(request).organisations
    )
    return list(rows.exclude(on_leaving=found.on_leaving).select_related("organisation"))


def _may_hand_over(request: HttpRequest, found: Coalition) -> bool:
    if leads_coalition(request.user, found):
        return True
    lead = lead_of(found)
    return (lead is None or lead.is_suspended()) and is_secretariat_administrator(request.user)


def _page_of(found: Coalition) -> str:
    return reverse("network:coalition", args=[found.uuid])


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, slug: str) -> HttpResponse:
    """Found a coalition that the organisation leads."""
    lead = organisation_or_404(request, slug)
    only_if(is_administrator(request.user, lead) or is_secretariat_administrator(request.user))
    form = CoalitionForm(posted(request))
    return act_page(
        request,
        form,
        template="network/coalition_form.html",
        act=lambda: found_coalition(lead, acting_user=request.user, **form.cleaned_data),
        done=_("The coalition is founded. Now add organisations and open a workspace."),
        back=reverse("network:organisation", args=[lead.slug]),
        context={"coalition": None, "organisation": lead},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change how a coalition is named, what it is for and who knows of it."""
    shown = coalition_or_404(request, uuid)
    only_if(leads_coalition(request.user, shown))
    form = CoalitionForm(posted(request), names=shown.names, initial=coalition_facts(shown))
    return act_page(
        request,
        form,
        template="network/coalition_form.html",
        act=lambda: change_coalition(shown, acting_user=request.user, **form.cleaned_data),
        done=_("The coalition has been changed."),
        back=_page_of(shown),
        context={"coalition": shown, "organisation": None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let an organisation take part."""
    shown = coalition_or_404(request, uuid)
    only_if(leads_coalition(request.user, shown))
    inside = CoalitionMembership.objects.in_force().filter(coalition=shown)
    choices = (
        Organisation.objects.visible_to(viewer_of(request))
        .not_suspended()
        .exclude(pk__in=inside.values("organisation"))
    )
    form = AddOrganisationForm(posted(request), choices=choices)
    return act_page(
        request,
        form,
        template="network/coalition_add.html",
        act=lambda: add_organisation_to_coalition(
            shown, form.cleaned_data["organisation"], acting_user=request.user
        ),
        done=_("The organisation takes part. Its administrators can now place their people."),
        back=_page_of(shown),
        context={
            "coalition": shown,
            "workspace_count": Workspace.objects.filter(coalition=shown).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hand over the lead to another member."""
    shown = coalition_or_404(request, uuid)
    only_if(_may_hand_over(request, shown))
    others = CoalitionMembership.objects.in_force().filter(coalition=shown, leads=False)
    choices = (
        Organisation.objects.visible_to(viewer_of(request))
        .not_suspended()
        .filter(pk__in=others.values("organisation"))
    )
    form = AddOrganisationForm(posted(request), choices=choices)
    return act_page(
        request,
        form,
        template="network/coalition_lead.html",
        act=lambda: hand_over_lead(
            shown, form.cleaned_data["organisation"], acting_user=request.user
        ),
        done=_("The lead has been handed over."),
        back=_page_of(shown),
        context={"coalition": shown},
    )
