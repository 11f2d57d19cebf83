"""Several documents and folders chosen at once, and what can be done with them.

Invariant: what was chosen is found through `visible_to`; of an id that finds nothing, only that it
found nothing is told, the same for what is elsewhere and for what never was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import edited_organisations
from coalitions.network.models import Workspace, WorkspaceMembership

MOST: Final = 200
UNSEEN: Final = "-"


@dataclass(frozen=True)
class Act:
    """Something to do with what is chosen: its button."""

    name: str
    words: str | Promise
    icon: str


DOWNLOAD: Final = Act("download", _("Download as ZIP"), "download")
MOVE: Final = Act("move", _("Move"), "folder")
THEMES: Final = Act("themes", _("Themes"), "tag")
SHARE: Final = Act("share", _("Who can see them"), "users")
TRASH: Final = Act("trash", _("Move to the trash"), "trash-2")
ACTS: Final = {act.name: act for act in (DOWNLOAD, MOVE, THEMES, SHARE, TRASH)}


def acts_for(user: Any, uploads_here: bool | None = None) -> list[Act]:
    """Return what a list offers: what this person may do with some document of it.

    `uploads_here`: for the list of a workspace, whether they add documents there; None elsewhere.
    Whether an act may be done with a document is asked again, of each.
    """
    if not user.is_authenticated:
        return []
    acts = [DOWNLOAD]
    if uploads_here:
        acts.append(MOVE)
    if uploads_here or edited_organisations(user).exists() or _uploads_somewhere(user):
        acts += [THEMES, SHARE, TRASH]
    return acts


def _uploads_somewhere(user: Any) -> bool:
    roles = [WorkspaceMembership.Role.CONTRIBUTOR, WorkspaceMembership.Role.COORDINATOR]
    held = WorkspaceMembership.objects.active().filter(person=user, role__in=roles)
    return held.exists()


@dataclass(frozen=True)
class Chosen:
    """A document, and as what the person saw it: its folder's uuid, "top" or "-"; its rung; and a
    mark of its title, place and version (`state_of`)."""

    document: Any
    seen_in: str = UNSEEN
    seen_rung: str = UNSEEN
    seen_state: str = UNSEEN


@dataclass
class Selection:
    """What was chosen and may be seen, in the order of the list; `missing`: how many were not.

    Each folder has a `seen_revision`: that which the person saw, the present one where it is not
    known.
    """

    documents: list[Chosen] = field(default_factory=list)
    folders: list[Any] = field(default_factory=list)
    missing: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was chosen."""
        return not (self.documents or self.folders or self.missing)

    @property
    def workspaces(self) -> list[Workspace]:
        """The workspaces of all that was chosen, each once."""
        found = {row.workspace.pk: row.workspace for row in self.folders}
        found |= {row.document.workspace.pk: row.document.workspace for row in self.documents}
        return list(found.values())


class TooMany(ValueError):
    """More was chosen than is done at once."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def selection_of(data: QueryDict, viewer: Viewer) -> Selection:
    """Return what a form chose. Raises TooMany."""
    documents, folders = data.getlist("document"), data.getlist("folder")
    if len(documents) + len(folders) > MOST:
        raise TooMany(len(documents) + len(folders))
    seen = _seen(data.getlist("seen"))
    found = {
        row.uuid: row
        for row in Document.objects.visible_to(viewer)
        .with_audience()
        .filter(uuid__in=uuids_in(documents))
        .select_related(
            "owner", "workspace__coalition", "workspace__organisation", "folder", "current_version"
        )
    }
    places: dict[UUID, Any] = {
        row.uuid: row
        for row in Folder.objects.visible_to(viewer)
        .filter(uuid__in=uuids_in(folders))
        .select_related("workspace", "parent")
    }
    for uuid, place in places.items():
        place.seen_revision = _number(seen.get(uuid, (UNSEEN,))[0], place.revision)
    return Selection(
        [Chosen(found[uuid], *seen.get(uuid, ())) for uuid in uuids_in(documents) if uuid in found],
        [places[uuid] for uuid in uuids_in(folders) if uuid in places],
        missing=max(0, len(set(documents)) + len(set(folders)) - len(found) - len(places)),
    )


def uuids_in(texts: Iterable[str]) -> list[UUID]:
    """Return the uuids among `texts`, each once."""
    uuids: dict[UUID, None] = {}
    for text in texts:
        try:
            uuids[UUID(text)] = None
        except ValueError:
            continue
    return list(uuids)


def _seen(texts: Iterable[str]) -> dict[UUID, tuple[str, ...]]:
    """Return what is said after each uuid: of a document three words, of a folder its revision."""
    seen = {}
    for text in texts:
        uuid, *words = text.split(" ")[:4]
        for known in uuids_in([uuid]):
            seen[known] = tuple(word or UNSEEN for word in words)
    return seen


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
