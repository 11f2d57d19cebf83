"""The labels that a document carries: the other half of `visible_to`."""

from datetime import datetime

from coalitions.access import Rung, audience_labels, ladder_for
from coalitions.documents.care import rungs_in_care
from coalitions.documents.linked import link_labels
from coalitions.documents.models import Document, DocumentAudience


def audience_of(document: Document, at: datetime | None = None) -> DocumentAudience | None:
    """Return the audience row in force at `at` (now, when None)."""
    row: DocumentAudience | None = (
        DocumentAudience.objects.in_force(at).filter(document=document).first()
    )
    return row


def document_labels(document: Document, at: datetime | None = None) -> frozenset[str]:
    """Return the document's labels; none when it is trashed or has no audience in force.

    Those of its audience, and one for each link for outsiders that lives.
    """
    audience = audience_of(document, at)
    if audience is None or document.trashed is not None:
        return frozenset()
    return labels_of_audience(document, audience) | link_labels(document, at)


def labels_of_audience(document: Document, audience: DocumentAudience) -> frozenset[str]:
    """Return the labels that one audience row gives `document`, trashed or not.

    This is what engines are given: no label of a link, for its holder never searches.
    """
    return labels_on(document, audience.rung, child_data=audience.child_data)


def labels_on(document: Document, rung: Rung | str, *, child_data: bool) -> frozenset[str]:
    """Return the labels that `document` would carry on `rung`."""
    return audience_labels(
        rung,
        organisation=document.owner.uuid,
        workspace=document.workspace.uuid,
        coalition=document.workspace.coalition_uuid,
        child_data=child_data,
    )


def ladder_of(document: Document, *, child_data: bool) -> tuple[Rung, ...]:
    """Return the rungs that `document` can stand on, closed first."""
    ladder = ladder_for(
        need_to_know=document.workspace.need_to_know,
        in_coalition=document.workspace.coalition_id is not None,
        child_data=child_data,
    )
    return rungs_in_care(document, ladder)
