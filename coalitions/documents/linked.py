"""Links for outsiders in questions: which live, what they open, what their holder sees.

Invariant: a link lives while its row is in force, downloads are left, the network's setting allows
links, its document is in nobody's trash, carries no child data and still belongs to the
organisation that made the link, which is not suspended and still decides about it (`care.py`).
All of it is asked at each request.

A document carries `link:<uuid>` while the link lives (`labels.py`). No engine, feed or API is ever
given that label: its holder asks for one document by its address and searches nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer, link_label
from coalitions.network.dated import DatedQuerySet
from coalitions.network.models import Suspension

if TYPE_CHECKING:
    from coalitions.documents.models import Document, DocumentLink, DocumentVersion

_ENDED: dict[str, str | Promise] = {
    "revoked": _("Revoked"),
    "narrowed": _("Ended, because the document was shared with fewer people"),
    "child-data": _("Ended, because the document holds child data"),
    "trashed": _("Ended, because the document was put into the trash"),
}


class LinkQuerySet(DatedQuerySet):
    """Links for outsiders."""

    def living(self, at: datetime | None = None) -> Self:
        """Return those that open their document at `at` (now, when None)."""
        from coalitions.documents.care import in_care
        from coalitions.documents.models import Document, DocumentAudience

        if not settings.LINKS_FOR_OUTSIDERS:
            return self.none()
        suspended = Suspension.objects.in_force(at).filter(organisation=OuterRef("organisation"))
        audience = DocumentAudience.objects.in_force(at).filter(document=OuterRef("document"))
        return self.in_force(at).filter(
            ~Exists(suspended),
            ~Exists(Document.objects.filter(in_care(), pk=OuterRef("document"))),
            Exists(audience.filter(child_data=False)),
            document__trashed__isnull=True,
            document__owner=F("organisation"),
            downloads_made__lt=F("most_downloads"),
        )

    def not_ended(self) -> Self:
        """Return those that have not come to their end, whether or not they live."""
        return self.filter(until__gt=timezone.now())

    def opened_by(self, viewer: Viewer) -> Self:
        """Return the living ones that `viewer` holds."""
        return self.living().filter(uuid__in=viewer.links)


def link_labels(document: Document, at: datetime | None = None) -> frozenset[str]:
    """Return the labels of the document's living links."""
    uuids = document.links.living(at).values_list("uuid", flat=True)
    return frozenset(link_label(uuid) for uuid in uuids)


def viewer_for_link(link: DocumentLink) -> Viewer:
    """Return what the holder of `link` may see: what carries its label, not even public things."""
    return Viewer(labels=frozenset({link_label(link.uuid)}))


def opens(viewer: Viewer, version: DocumentVersion) -> bool:
    """Return whether the links of `viewer` lead to this version: the pinned one, or the newest."""
    from coalitions.documents.models import DocumentLink

    links = DocumentLink.objects.opened_by(viewer).filter(document=version.document_id)
    pinned = set(links.values_list("version", flat=True))
    newest = version.pk == version.document.current_version_id
    return version.pk in pinned or (None in pinned and newest)


@dataclass(frozen=True)
class Listed:
    """A link in its document's list. `why`: in words, why it does not open the document."""

    link: DocumentLink
    lives: bool
    why: str


def links_listed(document: Document) -> list[Listed]:
    """Return all links of `document`, the latest first, with what became of each."""
    rows = document.links.select_related("version", "made_by").order_by("-since", "-pk")
    living = set(document.links.living().values_list("pk", flat=True))
    return [Listed(row, row.pk in living, _why(row, row.pk in living)) for row in rows]


def _why(link: DocumentLink, lives: bool) -> str:
    if lives:
        return ""
    if not link.has_ended:
        if link.is_used_up:
            return str(_("All downloads were made"))
        return str(_("Switched off by a rule of the network"))
    if link.why:
        return str(_ENDED[link.why])
    return str(_("All downloads were made")) if link.is_used_up else str(_("Expired"))


def living_count(document: Document) -> int:
    """Return how many links open `document` now."""
    return int(document.links.living().count())


def not_ended_of(documents: Iterable[Document]) -> list[DocumentLink]:
    """Return the links of these documents that have not come to their end, locked."""
    from coalitions.documents.models import DocumentLink

    keys = [document.pk for document in documents]
    rows = DocumentLink.objects.not_ended().filter(document__in=keys)
    return list(rows.select_for_update(of=("self",)).select_related("document").order_by("pk"))
