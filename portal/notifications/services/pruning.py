"""Forgets alerts of saved searches that nobody needs any more, and what became of their mails.

Invariant: an alert whose mail still waits is kept, however old; what a search has told stays told,
because that is written beside each of its results.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from portal.notifications.models import OutgoingMail
from search.models import SearchAlert

# A mail that fails is tried for less than a day. A month lets operators see what became of it.
KEPT: Final = timedelta(days=30)
CHUNK: Final = 500


def prune_alerts() -> int:
    """Forget alerts older than `KEPT`; return how many there were."""
    before = timezone.now() - KEPT
    mails = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.SEARCH_ALERT)
    waiting = mails.filter(state=OutgoingMail.State.WAITING)
    old = SearchAlert.objects.filter(made__lt=before).exclude(uuid__in=waiting.values("subject"))
    forgotten = 0
    while pks := list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            SearchAlert.objects.filter(pk__in=pks).delete()
        forgotten += len(pks)
    mails.exclude(state=OutgoingMail.State.WAITING).filter(created__lt=before).delete()
    return forgotten
