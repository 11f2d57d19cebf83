"""Taking back what was done with several things at once.

Invariant: what can be taken back is written on the answer's page, signed, for one person and one
day; each thing is taken back by the service that does the opposite, with all its checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from coalitions.access import NotAllowed, Rung, Viewer
from coalitions.documents import services
from coalitions.documents.bulk import Outcome, not_found
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.models import Document, Folder
from coalitions.documents.selection import MOVE, SHARE, THEMES, TRASH
from coalitions.documents.services.sharing import NotOnLadder
from coalitions.documents.trash import restorable, restorable_folders
from coalitions.documents.tree import TOP
from coalitions.network.models import Theme

_SALT: Final = "documents.undo"
_A_DAY: Final = 24 * 3600


def written(user: Any, outcomes: Iterable[Outcome]) -> str:
    """Return what takes `outcomes` back, for the page; nothing where nothing can be."""
    steps = [outcome.undo for outcome in outcomes if outcome.undo]
    if not steps:
        return ""
    return signing.dumps([str(user.uuid), steps], salt=_SALT, compress=True)


class CannotUndo(ValueError):
    """Not of this person, not of this day, or not ours."""


def undo(user: Any, viewer: Viewer, text: str) -> list[Outcome]:
    """Take back what `text` says, one by one, the last first. Raises CannotUndo."""
    try:
        person, steps = signing.loads(text, salt=_SALT, max_age=_A_DAY)
    except (signing.BadSignature, ValueError) as error:
        raise CannotUndo from error
    if person != str(user.uuid):
        raise CannotUndo
    return [_step(user, viewer, *step) for step in reversed(steps)]


def _step(user: Any, viewer: Viewer, name: str, uuid: str, *facts: Any) -> Outcome:
    find, take_back = _WAYS[name]
    thing = find(user, viewer).filter(uuid=UUID(uuid)).first()
    if thing is None:
        return not_found(1)[0]
    about = {"folder" if isinstance(thing, Folder) else "document": thing}
    try:
        take_back(user, thing, *facts)
    except FolderRefused as refused:
        return Outcome(refused.message, **about)
    except (NotAllowed, NotOnLadder, _Meanwhile):
        return Outcome(_("It could not be taken back: it was changed meanwhile."), **about)
    return Outcome(_("Taken back."), is_done=True, **about)


class _Meanwhile(ValueError):
    """It is not any more as we left it."""


def _seen(_user: Any, viewer: Viewer) -> Any:
    return Document.objects.visible_to(viewer).with_audience().select_related("workspace", "folder")


def _seen_folders(_user: Any, viewer: Viewer) -> Any:
    return Folder.objects.visible_to(viewer).select_related("workspace")


def _folder(text: str, thing: Any) -> Folder | None:
    if text == TOP:
        return None
    here = Folder.objects.standing_in(thing.workspace)
    found: Folder | None = here.filter(uuid=UUID(text)).first()
    if found is None:
        raise FolderRefused("elsewhere")
    return found


def _move(user: Any, document: Any, before: str, after: str) -> None:
    services.move_document(
        acting_user=user,
        document=document,
        folder=_folder(before, document),
        seen_in=_folder(after, document),
    )


def _move_folder(user: Any, folder: Folder, before: str, revision: int) -> None:
    services.change_folder(
        acting_user=user,
        folder=folder,
        name=folder.name,
        parent=_folder(before, folder),
        revision=revision,
    )


def _themes(user: Any, document: Any, added: list[str], removed: list[str]) -> None:
    services.change_themes(
        acting_user=user,
        document=document,
        add=Theme.objects.filter(code__in=removed),
        remove=Theme.objects.filter(code__in=added),
    )


def _share(user: Any, document: Any, before: str, after: str) -> None:
    if document.rung != after:
        raise _Meanwhile
    services.share_document(acting_user=user, document=document, rung=Rung(before))


def _restore(user: Any, document: Any) -> None:
    services.restore_document(acting_user=user, document=document)


def _restore_folder(user: Any, folder: Folder) -> None:
    services.restore_folder(acting_user=user, folder=folder)


# How the thing is found, and what takes the act back.
_WAYS: Final[dict[str, tuple[Callable[[Any, Viewer], Any], Callable[..., None]]]] = {
    MOVE.name: (_seen, _move),
    "move-folder": (_seen_folders, _move_folder),
    THEMES.name: (_seen, _themes),
    SHARE.name: (_seen, _share),
    TRASH.name: (restorable, _restore),
    "trash-folder": (restorable_folders, _restore_folder),
}
