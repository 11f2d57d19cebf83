"""People of an organisation: seen by its own people, looked after by its administrators.

Invariant: addresses, invitations and former people are shown to administrators alone.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalitions.network.forms.invitations import InviteForm
from coalitions.network.forms.people import EndForm, RoleForm
from coalitions.network.invitation_links import may_invite
from coalitions.network.models import (
    Affiliation,
    Invitation,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.permissions import is_administrator
from coalitions.network.presentation import by_name
from coalitions.network.querysets import people_visible_to
from coalitions.network.services import (
    change_role,
    end_affiliation,
    invite_person,
    revoke_invitation,
)
from coalitions.network.views.acts import (
    act_page,
    only_if,
    organisation_or_404,
    posted,
    viewer_of,
)

FORMER_SHOWN = 200


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an organisation's people to its own, and to administrators all that they look after."""
    found = organisation_or_404(request, slug)
    viewer = viewer_of(request)
    administrator = is_administrator(request.user, found)
    inviter = administrator or may_invite(request.user, found)
    if found.uuid not in viewer.organisations and not inviter:
        raise Http404
    rows = Affiliation.objects.filter(organisation=found).select_related("person")
    if administrator:
        now = timezone.now()
        current = rows.filter(Q(until__isnull=True) | Q(until__gt=now))
        former = _former(rows, {row.person_id for row in current})
    else:
        current = rows.active().filter(person__in=people_visible_to(viewer))
        former = []
    context = {
        "organisation": found,
        "affiliations": sorted(current, key=lambda row: (by_name(row.person.name), row.pk)),
        "former": former,
        "invitations": _open_invitations(found) if inviter else [],
        "is_administrator": administrator,
        "may_invite": inviter,
        "now": timezone.now(),
    }
    return render(request, "network/people.html", context)


def _former(rows: "object", present: set[int]) -> list[Affiliation]:
    """Return the last row of everybody who was here and is not now."""
    ended = (
        Affiliation.objects.filter(pk__in=rows.values("pk"), until__lte=timezone.now())  # type: ignore[attr-defined]
        .exclude(person__in=present)
        .select_related("person")
        .order_by("-until", "-pk")
    )
    last: dict[int, Affiliation] = {}
    for row in ended[: FORMER_SHOWN * 3]:
        last.setdefault(row.person_id, row)
    return list(last.values())[:FORMER_SHOWN]


def _open_invitations(organisation: Organisation) -> list[Invitation]:
    return list(
        Invitation.objects.filter(
            organisation=organisation,
            accepted__isnull=True,
            revoked__isnull=True,
            expires__gt=timezone.now(),
        ).order_by("-created")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody by mail."""
    found = organisation_or_404(request, slug)
    administrator = is_administrator(request.user, found)
    only_if(may_invite(request.user, found))
    workspaces = (
        Workspace.objects.of_participant(found) if administrator else Workspace.objects.none()
    )
    form = InviteForm(posted(request), workspaces=workspaces, language=get_language() or "en")
    return act_page(
        request,
        form,
        template="network/invite.html",
        act=lambda: invite_person(found, acting_user=request.user, **form.cleaned_data),
        done=_("The invitation is on its way."),
        back=_people_page(found),
        context={"organisation": found, "may_place": administrator},
    )


def _people_page(organisation: Organisation) -> str:
    return reverse("network:organisation-people", args=[organisation.slug])


def _invitation(request: HttpRequest, slug: str, uuid: UUID) -> Invitation:
    found = organisation_or_404(request, slug)
    only_if(may_invite(request.user, found))
    return get_object_or_404(
        Invitation.objects.select_related("organisation", "workspace"),
        organisation=found,
        uuid=uuid,
    )


@require_POST
def revoke(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Take an invitation back; inviting again is one step away."""
    invitation = _invitation(request, slug, uuid)
    try:
        revoke_invitation(invitation, acting_user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The invitation has been taken back. Its link is dead."))
    return redirect(_people_page(invitation.organisation))


@require_POST
def send_again(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Send a new link to the same address; the old one dies."""
    earlier = _invitation(request, slug, uuid)
    try:
        invite_person(
            earlier.organisation,
            email=earlier.email,
            role=earlier.role,
            language=earlier.language,
            workspace=earlier.workspace,
            workspace_role=earlier.workspace_role,
            acting_user=request.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("A new link is on its way. The old one is dead."))
    return redirect(_people_page(earlier.organisation))


def _affiliation(request: HttpRequest, slug: str, uuid: UUID) -> Affiliation:
    found = organisation_or_404(request, slug)
    only_if(is_administrator(request.user, found))
    row: Affiliation = get_object_or_404(
        Affiliation.objects.select_related("person", "organisation"),
        organisation=found,
        uuid=uuid,
    )
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Give somebody another role."""
    row = _affiliation(request, slug, uuid)
    form = RoleForm(posted(request), initial={"role": row.role})
    return act_page(
        request,
        form,
        template="network/affiliation_role.html",
        act=lambda: change_role(row, acting_user=request.user, **form.cleaned_data),
        done=_("The role has been changed."),
        back=_people_page(row.organisation),
        context={"affiliation": row, "organisation": row.organisation},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """End somebody's affiliation, on a page that says what goes with it."""
    row = _affiliation(request, slug, uuid)
    form = EndForm(posted(request))
    memberships = WorkspaceMembership.objects.in_force().filter(
        person=row.person, organisation=row.organisation
    )
    back = _people_page(row.organisation)
    if row.person_id == request.user.pk:
        # Afterwards the page of people is no longer theirs to see.
        back = reverse("home:my-work")
    return act_page(
        request,
        form,
        template="network/affiliation_end.html",
        act=lambda: end_affiliation(row, acting_user=request.user, **form.cleaned_data),
        done=_("The affiliation ends."),
        back=back,
        context={
            "affiliation": row,
            "organisation": row.organisation,
            "workspace_count": memberships.count(),
            "people_url": _people_page(row.organisation),
        },
    )
