"""Audiences that were written ahead and have begun: whoever listens is told.

What was asked before such an end is ended with it: it asked for a step from elsewhere.

Invariant: nothing waits for this. Who sees a document is asked of the rows at each request, and
until an index has learned of it, searching leaves out by itself what has ended. One row that
cannot be told of stops no other.
"""

import logging

from django.db import transaction
from django.utils import timezone

from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.services.open_requests import close_overtaken
from coalitions.documents.signals import document_changed

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500


def announce_begun() -> int:
    """Tell of each row that has begun, once; return of how many."""
    due = DocumentAudience.objects.filter(planned=True, since__lte=timezone.now()).order_by("since")
    told = 0
    for pk, document in list(due.values_list("pk", "document")[:MOST_AT_ONCE]):
        try:
            told += _announce(pk, document)
        except Exception:
            # It is tried again in the next round; the others are told of now.
            logger.exception("Audience %s of document %s was not announced", pk, document)
    return told


@transaction.atomic
def _announce(pk: int, document: int) -> bool:
    """Tell of one row that has begun; False where another worker did."""
    locked = Document.objects.select_for_update().get(pk=document)
    close_overtaken(locked)
    if not DocumentAudience.objects.filter(pk=pk, planned=True).update(planned=False):
        return False
    document_changed.send(sender=Document, document=locked, audience_tightened=True)
    return True
