"""What goes into a ZIP of what was chosen, how large it gets, and the answer that sends it.

Invariant: a document's folders are named in it only to those who see its workspace. The size is
known, and said, before anything is sent; each file is asked for again when its turn comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from coalitions.access import Viewer
from coalitions.documents.downloads import attachment
from coalitions.documents.models import Document
from coalitions.documents.selection import Selection
from coalitions.documents.tree import Tree
from coalitions.documents.zipping import Entry, zip_of
from coalitions.network.models import Workspace
from coalitions.network.viewers import viewer_for

MOST_FILES: Final = 5000


@dataclass
class Archive:
    """The entries of a ZIP to be, and the sum of their sizes."""

    entries: list[Entry] = field(default_factory=list)
    size: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether it goes beyond what is sent at once."""
        return self.size > settings.ZIP_MAX_BYTES or len(self.entries) > MOST_FILES


def archive_of(selection: Selection, viewer: Viewer) -> Archive:
    """Return what the chosen documents, and those in the chosen folders, make together."""
    trees: dict[int, Tree] = {}

    def tree_of(place: Workspace) -> Tree:
        if place.pk not in trees:
            trees[place.pk] = Tree.of(place)
        return trees[place.pk]

    archive, there = Archive(), set()

    def add(document: Any, folders: list[str]) -> None:
        if document.pk not in there and len(archive.entries) <= MOST_FILES:
            there.add(document.pk)
            archive.entries.append(
                Entry(document.uuid, document.reference, document.title, tuple(folders))
            )
            archive.size += document.current_version.size if document.current_version else 0

    for row in selection.documents:
        place, path = row.document.workspace, []
        if row.document.folder_id and place.uuid in viewer.workspaces:
            tree = tree_of(place)
            path = tree.path(tree.by_key.get(row.document.folder_id))
        add(row.document, [step.name for step in path])
    for folder in selection.folders:
        tree = tree_of(folder.workspace)
        steps = {step.pk: step for step in tree.within(tree.by_key.get(folder.pk, folder))}
        turns = {pk: turn for turn, pk in enumerate(steps)}
        seen = Document.objects.visible_to(viewer).filter(folder__in=steps)
        for document in sorted(
            _light(seen)[: MOST_FILES + 1], key=lambda document: turns[document.folder_id]
        ):
            path = tree.path(steps[document.folder_id])
            add(document, [part.name for part in path])
    return archive


def _light(documents: Any) -> Any:
    return documents.select_related("current_version").only(
        "uuid", "reference", "title", "folder", "current_version__size"
    )


def archive_response(
    request: HttpRequest, archive: Archive, *, neutral: bool
) -> StreamingHttpResponse:
    """Return the answer that sends `archive` while it is made."""
    person: Any = request.user.pk

    def viewer() -> Viewer:
        # Found out anew for each file: whoever loses a place meanwhile gets no more of it.
        user = get_user_model()._default_manager.filter(pk=person).first()
        return viewer_for(user)

    blocks = zip_of(
        archive.entries,
        viewer=viewer,
        actor=request.user,
        language=get_language() or settings.LANGUAGE_CODE,
        neutral=neutral,
    )
    name = f"documents-{timezone.localdate().isoformat()}.zip"
    response = StreamingHttpResponse(blocks, content_type="application/zip")
    response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
