"""What was asked about documents: by a person, and of a person who decides for the owner.

Invariant: a request is shown only to whoever sees its document now; to whoever asked and lost
sight of it, it is as if it had never been.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from coalitions.access import Viewer
from coalitions.documents.models import ChildDataLift, Document, ShareRequest
from coalitions.documents.permissions import decided_by
from coalitions.network.sight import seen_organisations

TOLD_FOR = timedelta(days=14)


def requests_to_answer(user: Any, viewer: Viewer) -> QuerySet[ShareRequest]:
    """Return the open requests that `user`, who is `viewer`, can grant or refuse, oldest first."""
    return (
        ShareRequest.objects.open()
        .filter(document__in=decided_by(user, viewer))
        .select_related("document", "person", "organisation")
        .order_by("since", "pk")
    )


def own_requests(user: Any, viewer: Viewer) -> QuerySet[ShareRequest]:
    """Return what `user` asked: what is open, and what was answered in the last fourteen days."""
    return (
        ShareRequest.objects.filter(
            Q(until__isnull=True) | Q(until__gt=timezone.now() - TOLD_FOR),
            person=user,
            document__in=Document.objects.visible_to(viewer),
        )
        .exclude(outcome=ShareRequest.Outcome.WITHDRAWN)
        .select_related("document")
        .order_by("-since", "-pk")
    )


def with_shown_organisations(requests: Iterable[ShareRequest], viewer: Viewer) -> list[Any]:
    """Add to each `shown_organisation`: for which one was asked, where `viewer` may know of it."""
    rows: list[Any] = list(requests)
    known = seen_organisations(viewer, (row.organisation_id for row in rows))
    for row in rows:
        row.shown_organisation = known.get(row.organisation_id)
    return rows


def lifts_to_answer(user: Any, viewer: Viewer) -> QuerySet[ChildDataLift]:
    """Return the proposals that `user` can confirm as the second person."""
    return (
        ChildDataLift.objects.open()
        .filter(document__in=decided_by(user, viewer))
        .exclude(proposed_by=user)
        .select_related("document", "proposed_by")
        .order_by("since", "pk")
    )
