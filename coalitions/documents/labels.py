"""The labels that a document carries: the other half of `visible_to`."""

from datetime import datetime

from coalitions.access import audience_labels
from coalitions.documents.models import Document, DocumentAudience


def audience_of(document: Document, at: datetime | None = None) -> DocumentAudience | None:
    """Return the audience row in force at `at` (now, when None)."""
    row: DocumentAudience | None = (
        DocumentAudience.objects.in_force(at).filter(document=document).first()
    )
    return row


def document_labels(document: Document, at: datetime | None = None) -> frozenset[str]:
    """Return the document's labels; none when it is withdrawn or has no audience in force."""
    audience = audience_of(document, at)
    if audience is None or document.withdrawn is not None:
        return frozenset()
    return audience_labels(
        audience.rung,
        organisation=document.owner.uuid,
        workspace=document.workspace.uuid,
        coalition=document.workspace.coalition_uuid,
        child_data=audience.child_data,
    )
