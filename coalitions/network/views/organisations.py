"""The directory of organisations, one organisation, and what may be changed about it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.network import directory
from coalitions.network.forms.organisations import (
    FullOrganisationForm,
    OrganisationForm,
    facts_of,
)
from coalitions.network.models import Coalition, CoalitionMembership, Organisation
from coalitions.network.permissions import (
    is_administrator,
    is_secretariat_administrator,
    secretariat_of,
)
from coalitions.network.querysets import people_visible_to
from coalitions.network.services import (
    change_organisation,
    create_organisation,
    lift_suspension,
    suspend_organisation,
)
from coalitions.network.services.organisations import people_of
from coalitions.network.views.acts import (
    ConfirmForm,
    act_page,
    only_if,
    organisation_or_404,
    posted,
    viewer_of,
)

PER_PAGE = 100


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Show the directory by country, with filters and their counts."""
    viewer = viewer_of(request)
    filters = directory.filters_from(request.GET)
    entries = directory.entries_for(viewer)
    found = directory.matching(entries, filters)
    pairs = directory.by_country(found, only=filters.country)
    page = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "facets": directory.facets(entries, filters),
        "page_obj": page,
        "organisation_count": len(found),
        "country_count": len({code for code, _row in pairs if code}),
        "keeps_the_list": is_secretariat_administrator(request.user),
    }
    return render(request, "network/organisations.html", context)


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation's facts, and to its own people what is theirs."""
    viewer = viewer_of(request)
    found = organisation_or_404(request, slug)
    taking_part = CoalitionMembership.objects.in_force().filter(organisation=found)
    coalitions = (
        Coalition.objects.visible_to(viewer)
        .filter(pk__in=taking_part.values("coalition"))
        .order_by("slug")
    )
    leads = set(taking_part.filter(leads=True).values_list("coalition_id", flat=True))
    own = found.uuid in viewer.organisations
    keeper = secretariat_of(request.user)
    context = {
        "organisation": found,
        "countries": [country.code for country in found.countries.all()],
        "coalitions": [(coalition, coalition.pk in leads) for coalition in coalitions],
        "is_own": own,
        "is_administrator": is_administrator(request.user, found),
        "keeps_the_list": keeper is not None,
        "is_suspended": viewer.sees_network and found.is_suspended(),
        "colleague_count": _colleagues(viewer, found) if own else 0,
    }
    return render(request, "network/organisation.html", context)


def _colleagues(viewer: Any, found: Organisation) -> int:
    return people_visible_to(viewer).filter(pk__in=people_of(found).values("pk")).count()


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter an organisation into the list."""
    only_if(is_secretariat_administrator(request.user))
    form = FullOrganisationForm(posted(request), initial={"listed": True})
    return act_page(
        request,
        form,
        template="network/organisation_form.html",
        act=lambda: create_organisation(acting_user=request.user, **form.cleaned_data),
        done=_("The organisation is in the list. Now invite its first administrator."),
        back=reverse("network:organisations"),
        context={"organisation": None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change an organisation's facts: all of them for a secretariat, some for its own."""
    found = organisation_or_404(request, slug)
    keeper = is_secretariat_administrator(request.user)
    only_if(keeper or is_administrator(request.user, found))
    form_class = FullOrganisationForm if keeper else OrganisationForm
    form = form_class(posted(request), names=found.names, initial=facts_of(found))
    return act_page(
        request,
        form,
        template="network/organisation_form.html",
        act=lambda: change_organisation(found, acting_user=request.user, **form.cleaned_data),
        done=_("The organisation has been changed."),
        back=reverse("network:organisation", args=[found.slug]),
        context={"organisation": found},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend an organisation, or lift its suspension, on a page that names what follows."""
    found = organisation_or_404(request, slug)
    only_if(is_secretariat_administrator(request.user))
    suspended = found.is_suspended()
    if request.method == "POST" and (request.POST.get("act") == "lift") != suspended:
        # Somebody else was quicker: show the page as it is now.
        return redirect("network:organisation-suspension", slug=slug)
    act = lift_suspension if suspended else suspend_organisation
    return act_page(
        request,
        ConfirmForm(posted(request)),
        template="network/organisation_suspension.html",
        act=lambda: act(found, acting_user=request.user),
        done=_("The suspension has been lifted.")
        if suspended
        else _("The organisation is suspended."),
        back=reverse("network:organisation", args=[found.slug]),
        context={
            "organisation": found,
            "is_suspended": suspended,
            "people_count": people_of(found).count(),
        },
    )
