"""One act on several things, each by its own service, with a result for each.

Invariant: nothing is decided here. Each thing is changed by the service that changes one, with its
checks, its audit row and its transaction; one that is refused stops no other. Of what is not
found, nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from coalitions.access import NotAllowed, Rung
from coalitions.documents import services
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import height
from coalitions.documents.selection import MOVE, SHARE, THEMES, TRASH, UNSEEN, Chosen, Selection
from coalitions.documents.services.sharing import NotOnLadder
from coalitions.documents.tree import place_code
from coalitions.network.models import Theme


@dataclass(frozen=True)
class Outcome:
    """What became of one thing. `undo`: what takes it back, where it can be taken back."""

    words: str
    document: Any | None = None
    folder: Folder | None = None
    is_done: bool = False
    undo: tuple[Any, ...] = ()


Act = Callable[..., Outcome]


def not_found(number: int) -> list[Outcome]:
    """Return the one result of all that was not found."""
    words = _("Not found. It may have been moved to the trash, or is not shared with you any more.")
    return [Outcome(words)] * number


def move(user: Any, selection: Selection, place: Folder | None) -> list[Outcome]:
    """Put the documents and folders into `place` (to the top when None)."""
    outcomes = [_each(_move_folder, user, folder, place) for folder in selection.folders]
    outcomes += [_each(_move_document, user, row, place) for row in selection.documents]
    return outcomes


def change_themes(
    user: Any, selection: Selection, add: Iterable[Theme], remove: Iterable[Theme]
) -> list[Outcome]:
    """Give the documents themes, and take others away."""
    return [
        *(_only_documents(folder) for folder in selection.folders),
        *(_each(_themes, user, row, set(add), set(remove)) for row in selection.documents),
    ]


def share(user: Any, selection: Selection, rung: Rung) -> list[Outcome]:
    """Let the documents be seen as far as `rung`."""
    return [
        *(_only_documents(folder) for folder in selection.folders),
        *(_each(_share, user, row, rung) for row in selection.documents),
    ]


def trash(user: Any, selection: Selection) -> list[Outcome]:
    """Put the documents, and the folders with what is in them, into the trash."""
    # First the documents: those in a chosen folder would go with it, and not be found.
    outcomes = [_each(_trash_document, user, row) for row in selection.documents]
    outcomes += [_each(_trash_folder, user, folder) for folder in selection.folders]
    return outcomes


def _each(act: Act, user: Any, thing: Chosen | Folder, *more: Any) -> Outcome:
    """Do it, or say why not."""
    about: dict[str, Any] = (
        {"folder": thing} if isinstance(thing, Folder) else {"document": thing.document}
    )
    try:
        return act(user, thing, *more)
    except FolderRefused as refused:
        return Outcome(refused.message, **about)
    except NotOnLadder as refused:
        return Outcome(refused.message, **about)
    except NotAllowed:
        return Outcome(_REFUSED[act](), **about)
    except (Document.DoesNotExist, Folder.DoesNotExist):
        return not_found(1)[0]


def _meanwhile() -> str:
    return FolderRefused("meanwhile").message


def _move_document(user: Any, row: Chosen, place: Folder | None) -> Outcome:
    document = row.document
    before = document.folder
    here = place_code(before)
    if row.seen_in not in (UNSEEN, here):
        return Outcome(_meanwhile(), document)
    if before == place:
        return Outcome(_("It is there already."), document)
    services.move_document(acting_user=user, document=document, folder=place, seen_in=before)
    undo = (MOVE.name, str(document.uuid), here, place_code(place))
    return Outcome(_("Moved."), document, is_done=True, undo=undo)


def _revision(folder: Folder) -> int:
    """Return that which the person saw."""
    seen: int = getattr(folder, "seen_revision", folder.revision)
    return seen


def _move_folder(user: Any, folder: Folder, place: Folder | None) -> Outcome:
    before = folder.parent
    if before == place and _revision(folder) == folder.revision:
        return Outcome(_("It is there already."), folder=folder)
    moved = services.change_folder(
        acting_user=user,
        folder=folder,
        name=folder.name,
        parent=place,
        revision=_revision(folder),
    )
    undo = ("move-folder", str(folder.uuid), place_code(before), moved.revision)
    return Outcome(_("Moved with all that is in it."), folder=folder, is_done=True, undo=undo)


def _themes(user: Any, row: Chosen, add: set[Theme], remove: set[Theme]) -> Outcome:
    added, removed = services.change_themes(
        acting_user=user, document=row.document, add=add, remove=remove
    )
    if not added and not removed:
        return Outcome(_("Its themes are so already."), row.document)
    codes = ([theme.code for theme in group] for group in (added, removed))
    undo = (THEMES.name, str(row.document.uuid), *codes)
    return Outcome(_("Its themes were changed."), row.document, is_done=True, undo=undo)


def _share(user: Any, row: Chosen, rung: Rung) -> Outcome:
    document = row.document
    if row.seen_rung not in (UNSEEN, document.rung):
        return Outcome(
            _("Somebody changed who can see it while you were here. Look at it again."), document
        )
    before, ended = Rung(document.rung), document.rung_until is not None
    if before == rung:
        return Outcome(_("It is shared so already."), document)
    services.share_document(acting_user=user, document=document, rung=rung)
    # Taking back a step down would open what was just closed: that is decided anew.
    widened = height(rung) > height(before)
    # An end that was planned falls away with a step further, and no undo would bring it back.
    undo = (
        (SHARE.name, str(document.uuid), before.value, rung.value) if widened and not ended else ()
    )
    words = _("Who can see it has been changed.")
    if widened and ended:
        words += " " + _("The end that was planned for it fell away.")
    return Outcome(words, document, is_done=True, undo=undo)


def _trash_document(user: Any, row: Chosen) -> Outcome:
    seen = row.seen_state if row.seen_state != UNSEEN else ""
    services.trash_document(acting_user=user, document=row.document, seen=seen)
    undo = (TRASH.name, str(row.document.uuid))
    return Outcome(_("Moved to the trash."), row.document, is_done=True, undo=undo)


def _trash_folder(user: Any, folder: Folder) -> Outcome:
    services.trash_folder(acting_user=user, folder=folder, revision=_revision(folder))
    undo = ("trash-folder", str(folder.uuid))
    return Outcome(
        _("Moved to the trash, with what is in it."), folder=folder, is_done=True, undo=undo
    )


def _only_documents(folder: Folder) -> Outcome:
    return Outcome(_("This can be done with documents only."), folder=folder)


_REFUSED: Final[dict[Act, Callable[[], str]]] = {
    _move_document: lambda: _("Only its owner's people and coordinators move it."),
    _move_folder: lambda: _("Only coordinators and the organisation that made it move it."),
    _themes: lambda: _("Only people of its owner change its themes."),
    _share: lambda: _("Only its owner decides who can see it."),
    _trash_document: lambda: _("Only its owner's editors and coordinators move it to the trash."),
    _trash_folder: lambda: _("Only coordinators and the organisation that made it can do this."),
}
