"""My work: what changed where this person works, and what waits for them.

Invariant: everything is read through `visible_to`; a page of a person without any affiliation is
the same page, empty.
"""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coalitions.documents.asked import lifts_to_answer, own_requests, requests_to_answer
from coalitions.documents.models import Document
from coalitions.documents.quarantine import quarantined_for
from coalitions.network.invitation_links import token_for, works
from coalitions.network.models import Affiliation, Invitation, Organisation
from coalitions.network.permissions import administered_by
from coalitions.network.sight import workspace_rows
from coalitions.network.views.acts import viewer_of
from portal.home.sign_ins import previous_sign_in

CHANGES_SHOWN = 12
REQUESTS_SHOWN = 50


@login_required
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show the personal start page."""
    viewer = viewer_of(request)
    changes = (
        Document.objects.visible_to(viewer)
        .filter(Q(workspace__uuid__in=viewer.workspaces) | Q(owner__uuid__in=viewer.organisations))
        .with_audience()
        .select_related("workspace", "owner", "current_version")
        .order_by("-changed", "-pk")[:CHANGES_SHOWN]
    )
    context = {
        "changes": [
            {"document": row, "in_place": row.workspace.uuid in viewer.workspaces}
            for row in changes
        ],
        "workspaces": workspace_rows(request.user, viewer),
        "organisations": _organisations(request),
        "invitations": _invitations_to(request),
        "waiting": _sent_by_my_organisations(request),
        "previous_sign_in": previous_sign_in(request),
        "requests": requests_to_answer(request.user, viewer)[:REQUESTS_SHOWN],
        "lifts": lifts_to_answer(request.user, viewer)[:REQUESTS_SHOWN],
        "quarantined": quarantined_for(request.user, viewer)[:REQUESTS_SHOWN],
        "own_requests": own_requests(request.user, viewer)[:REQUESTS_SHOWN],
    }
    return render(request, "home/my_work.html", context)


def _organisations(request: HttpRequest) -> list[Affiliation]:
    """Return the person's affiliations that give sight now."""
    rows = (
        Affiliation.objects.active()
        .filter(person=request.user.pk, organisation__uuid__in=viewer_of(request).organisations)
        .select_related("organisation")
    )
    return list(rows)


def _open() -> Q:
    return Q(accepted__isnull=True, revoked__isnull=True, expires__gt=timezone.now())


def _invitations_to(request: HttpRequest) -> list[tuple[Invitation, str]]:
    """Return open invitations to this person's own address, each with its link."""
    address = getattr(request.user, "email", "")
    rows = Invitation.objects.filter(_open(), email__iexact=address)
    return [
        (row, token_for(row))
        for row in rows.select_related("organisation", "invited_by").order_by("-created")
        if works(row)
    ]


def _sent_by_my_organisations(request: HttpRequest) -> list[tuple[Organisation, int]]:
    """Return the organisations this person administers, with the invitations nobody answered."""
    own = {row.pk: row for row in administered_by(request.user)}
    counts = dict.fromkeys(own, 0)
    rows = Invitation.objects.filter(_open(), organisation__in=own)
    for key in rows.values_list("organisation_id", flat=True):
        counts[key] += 1
    return [(own[key], count) for key, count in counts.items() if count]
