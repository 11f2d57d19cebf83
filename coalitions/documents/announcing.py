"""Audiences that were written ahead and have begun: whoever listens is told.

What was asked before such an end is ended with it: it asked for a step from elsewhere.

Invariant: nothing waits for this. Who sees a document is asked of the rows at each request, and
until an index has learned of it, searching leaves out by itself what has ended.
"""

from django.db import transaction
from django.utils import timezone

from coalitions.documents.models import Document, DocumentAudience
from coalitions.documents.services.open_requests import close_overtaken
from coalitions.documents.signals import document_changed

MOST_AT_ONCE = 500


def announce_begun() -> int:
    """Tell of each row that has begun, once; return of how many."""
    due = DocumentAudience.objects.filter(planned=True, since__lte=timezone.now()).order_by("since")
    told = 0
    for pk, document in list(due.values_list("pk", "document")[:MOST_AT_ONCE]):
        with transaction.atomic():
            locked = Document.objects.select_for_update().get(pk=document)
            close_overtaken(locked)
            if DocumentAudience.objects.filter(pk=pk, planned=True).update(planned=False):
                document_changed.send(sender=Document, document=locked, audience_tightened=True)
                told += 1
    return told
