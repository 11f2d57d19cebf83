"""The three libraries: what was shared with a coalition, with the network, with everybody.

Invariant: a library is `visible_to(viewer)` and a rung that is in force, nothing else. The ladder
accumulates, so a public document is in the network's library too, and in that of the coalition it
comes from. What carries child data is in none.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from coalitions.access import Rung, Viewer, rungs_from
from coalitions.documents.models import Document, DocumentAudience
from coalitions.network.models import Coalition


@dataclass(frozen=True)
class Library:
    """`coalition`: whose it is, on that rung."""

    rung: Rung
    coalition: Coalition | None = None

    def is_open_to(self, viewer: Viewer) -> bool:
        """Return whether what lies here is meant for `viewer`."""
        if self.rung is Rung.PUBLIC:
            return viewer.sees_public
        if self.rung is Rung.NETWORK:
            return viewer.sees_network
        return self.coalition is not None and self.coalition.uuid in viewer.coalitions

    def documents(self, viewer: Viewer) -> "QuerySet[Document]":
        """Return what lies here, as far as `viewer` may see it."""
        if not self.is_open_to(viewer):
            return Document.objects.none()
        shared = DocumentAudience.objects.in_force().filter(
            rung__in=rungs_from(self.rung), child_data=False
        )
        of_whom = Q(workspace__coalition=self.coalition) if self.coalition else Q()
        seen: QuerySet[Document] = Document.objects.visible_to(viewer).filter(
            of_whom, pk__in=shared.values("document")
        )
        return seen


NETWORK = Library(Rung.NETWORK)
PUBLIC = Library(Rung.PUBLIC)
