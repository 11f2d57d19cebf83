"""What a document's page says of a coalition that its owner left: care, and where it came from.

Invariant: told to its owner's people and to those who see where it lies; of a coalition, the name
only to those who may know it.
"""

from typing import Any

from django.http import HttpRequest

from coalitions.documents.care import rung_in_care
from coalitions.documents.views.finding import viewer_of
from coalitions.network.models import Coalition


def provenance(request: HttpRequest, found: Any) -> dict[str, Any]:
    """Return `in_care`, `came_from` (see FormerPlace) and its coalition, where this person may."""
    viewer = viewer_of(request)
    own = found.owner.uuid in viewer.organisations
    if not own and found.workspace.uuid not in viewer.workspaces:
        return {}
    if found.workspace.organisation_id is None:
        return {"in_care": rung_in_care(found) is not None}
    former = found.former_places.select_related("workspace").first()
    if former is None:
        return {}
    known = Coalition.objects.visible_to(viewer).filter(pk=former.workspace.coalition_id)
    return {"came_from": former, "came_from_coalition": known.first()}
