"""Documents that stayed when their owner left the coalition of their workspace.

Invariant: nothing is written for it: a document is in the coalition's care while its owner takes
no part in the coalition and it is shared with others than the owner. Its owner is named as before
and sees it as before, but changes nothing; the organisation that leads the coalition looks after
it, and shares it with fewer people at most. With the owner's return all that is over.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from coalitions.access import LADDER, Rung
from coalitions.documents.models import Document, DocumentAudience
from coalitions.network.models import CoalitionMembership, Organisation
from coalitions.network.services.workspaces import lead_of


def rung_in_care(document: Document) -> Rung | None:
    """Return the rung of a document in the coalition's care; None where its owner decides."""
    coalition = document.workspace.coalition_id
    if coalition is None:
        return None
    takes_part = CoalitionMembership.objects.in_force().filter(
        coalition=coalition, organisation=document.owner_id
    )
    rung = (
        DocumentAudience.objects.in_force()
        .filter(~Exists(takes_part), document=document)
        .exclude(rung=Rung.ORGANISATION)
        .values_list("rung", flat=True)
        .first()
    )
    return Rung(rung) if rung else None


def keeper_of(document: Document) -> Organisation | None:
    """Return the organisation that leads the coalition of the document's workspace now."""
    coalition = document.workspace.coalition
    return lead_of(coalition) if coalition else None


def rungs_in_care(document: Document, ladder: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return the rungs that are left of `ladder`: in care none further, and none without others.

    None that hides it from its owner either: nobody of the owner is a member of its workspace.
    """
    rung = rung_in_care(document)
    if rung is None:
        return ladder
    reached = LADDER[1 : LADDER.index(rung) + 1] if rung in LADDER else (rung,)
    return tuple(step for step in ladder if step in reached)


def in_care() -> Q:
    """Say in SQL, of documents, what `rung_in_care` says of one."""
    takes_part = CoalitionMembership.objects.in_force().filter(
        coalition=OuterRef("workspace__coalition"), organisation=OuterRef("owner")
    )
    own = DocumentAudience.objects.in_force().filter(
        document=OuterRef("pk"), rung=Rung.ORGANISATION
    )
    return Q(~Exists(takes_part), ~Exists(own), workspace__coalition__isnull=False)
