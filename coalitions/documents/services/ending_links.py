"""What ends the links of a document for outsiders: a step down, child data, the trash, revoking.

Invariant: called under the document's lock, in the transaction of what ends them. An end that was
written is never put off; a link that ended never lives again, whatever becomes of its document.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from coalitions.documents.linked import not_ended_of
from coalitions.documents.models import Document, DocumentLink
from coalitions.network import audit

Ended = DocumentLink.Ended


def end_links(documents: Iterable[Document], why: str, *, acting_user: Any) -> int:
    """End all links of these documents now; return how many."""
    now, links = timezone.now(), not_ended_of(documents)
    for link in links:
        end_link(link, why, max(now, link.since), acting_user=acting_user)
    return len(links)


def end_link(link: DocumentLink, why: str, at: datetime, *, acting_user: Any) -> None:
    """Let one link end at `at`, for this reason, and write that it was so."""
    link.until, link.why, link.ended_by = at, why, acting_user
    link.save(update_fields=["until", "why", "ended_by"])
    audit.record(
        "link.ended",
        acting_user=acting_user,
        acting_organisation=link.organisation,
        thing=link,
        document=str(link.document.uuid),
        why=why,
        at=at.isoformat(),
    )


def bind_links(
    document: Document,
    *,
    child_data: bool,
    narrower: bool,
    narrows: datetime | None,
    acting_user: Any,
) -> None:
    """Say what a change of the audience does to links: child data or a step down ends them.

    `narrows`: when a step down that is written ahead begins; links end then at the latest.
    """
    if child_data or narrower:
        why = Ended.CHILD_DATA if child_data else Ended.NARROWED
        end_links([document], why, acting_user=acting_user)
    elif narrows is not None:
        for link in not_ended_of([document]):
            if link.ends > narrows:
                at = max(narrows, link.since)
                end_link(link, Ended.NARROWED, at, acting_user=acting_user)
