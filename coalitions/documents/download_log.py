"""Who downloaded a document, as its owner sees it: organisation and day, out of the audit."""

from dataclasses import dataclass
from datetime import datetime

from coalitions.access import Viewer
from coalitions.documents.downloads import VERB
from coalitions.documents.models import Document, DocumentVersion
from coalitions.network.models import AuditEntry, Organisation


@dataclass(frozen=True)
class Download:
    """One download; `organisation` is None for strangers and for those the viewer may not know.

    `is_unnamed`: it is one of the latter. `by_link`: through a link for outsiders.
    """

    at: datetime
    organisation: Organisation | None
    number: int
    is_unnamed: bool = False
    by_link: bool = False


def downloads_of(document: Document, viewer: Viewer, limit: int) -> tuple[list[Download], int]:
    """Return the latest downloads of all versions of `document`, and how many there are."""
    numbers = dict(document.versions.values_list("uuid", "number"))
    entries = AuditEntry.objects.filter(
        verb=VERB, object_kind=DocumentVersion._meta.label_lower, object_uuid__in=numbers
    )
    latest = list(entries.order_by("-pk")[:limit])
    known = {
        organisation.uuid: organisation
        for organisation in Organisation.objects.visible_to(viewer).filter(
            uuid__in={entry.acting_organisation for entry in latest}
        )
    }
    rows = [
        Download(
            entry.at,
            known.get(entry.acting_organisation) if entry.acting_organisation else None,
            numbers.get(entry.object_uuid, 0) if entry.object_uuid else 0,
            is_unnamed=entry.acting_organisation not in (None, *known),
            by_link="link" in entry.details,
        )
        for entry in latest
    ]
    return rows, entries.count() if len(latest) == limit else len(latest)
