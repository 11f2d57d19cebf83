"""What of the surroundings of things the viewer may know: owners, places, programmes, originals.

Invariant: a visible document is not a reason to name its workspace, its programme or an owner
that is not listed. One query each for a whole page of documents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coalitions.access import Viewer
from coalitions.documents.models import Document, DocumentAudience
from coalitions.network.models import Organisation, Programme, Workspace


@dataclass(frozen=True)
class Surroundings:
    """By primary key; what is not in here is not named."""

    organisations: dict[int, Organisation]
    workspaces: dict[int, Workspace]
    programmes: dict[int, Programme]
    originals: dict[int, Document]
    audiences: dict[int, DocumentAudience]


def organisations_seen(pks: Iterable[int], viewer: Viewer) -> dict[int, Organisation]:
    """Return those of the organisations that the viewer may see."""
    return Organisation.objects.visible_to(viewer).in_bulk(set(pks))


def surroundings_of(documents: Sequence[Document], viewer: Viewer) -> Surroundings:
    """Return what may be said around these documents, which the viewer may see."""
    programmes = {d.programme_id for d in documents if d.programme_id is not None}
    originals = {d.translation_of_id for d in documents if d.translation_of_id is not None}
    audiences = DocumentAudience.objects.in_force().filter(document__in=documents)
    return Surroundings(
        organisations=organisations_seen((d.owner_id for d in documents), viewer),
        workspaces=Workspace.objects.visible_to(viewer).in_bulk(
            {d.workspace_id for d in documents}
        ),
        programmes=Programme.objects.visible_to(viewer).in_bulk(programmes),
        originals=Document.objects.visible_to(viewer).in_bulk(originals),
        audiences={row.document_id: row for row in audiences},
    )
