"""Making, renaming and moving folders, and moving documents between those of one workspace.

Invariant: the tree of a workspace changes under the lock of its row alone, so that two changes at
one moment follow each other and the later one sees what the earlier one did. Where a thing is
tells nothing about who can see it: moving within a workspace changes no audience.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.folder_count import let_hold
from coalitions.documents.folder_names import DEEPEST, FolderRefused, folder_key, folder_name
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import (
    let_contribute,
    may_arrange_folder,
    may_move,
    rights_on,
    uploading_membership,
)
from coalitions.documents.tree import Tree
from coalitions.network import audit
from coalitions.network.models import Workspace


@contextmanager
def changing_tree(workspace: Workspace) -> Iterator[Tree]:
    """Lock the workspace's tree for the rest of a transaction, and read it."""
    with transaction.atomic():
        # Others go on to name it: whoever adds a document holds what we may wait for.
        Workspace.objects.select_for_update(of=("self",), no_key=True).get(pk=workspace.pk)
        yield Tree.of(workspace)


def make_folder(
    *, acting_user: Any, workspace: Workspace, name: str, parent: Folder | None = None
) -> Folder:
    """Make a folder in `parent` (at the top when None); for contributors and coordinators.

    Raises FolderRefused for a name or a place that a folder cannot have.
    """
    with changing_tree(workspace) as tree:
        membership = let_contribute(acting_user, workspace)
        place = _place(tree, parent)
        kept = folder_name(name)
        _let_stand(tree, place, kept, levels=1)
        let_hold(tree, 1)
        folder = Folder.objects.create(
            workspace=workspace,
            parent=place,
            name=kept,
            key=folder_key(kept),
            organisation=membership.organisation,
            created_by=acting_user,
        )
        _record("folder.made", acting_user, folder)
        reached("folders.before-commit")
    return folder


def change_folder(
    *, acting_user: Any, folder: Folder, name: str, parent: Folder | None, revision: int
) -> Folder:
    """Call `folder` so and put it, with all that is in it, into `parent` (to the top when None).

    For coordinators and the organisation that made it. `revision`: the one that the person saw.
    Raises FolderRefused, also where it has been changed since; then nothing is changed.
    """
    with changing_tree(folder.workspace) as tree:
        current = arranged(acting_user, tree, folder, revision)
        place, kept = _place(tree, parent), folder_name(name)
        if place is not None and current in tree.path(place):
            raise FolderRefused("inside")
        _let_stand(tree, place, kept, levels=tree.height(current), itself=current)
        verbs = []
        if kept != current.name:
            verbs.append("folder.renamed")
        if place != current.parent:
            verbs.append("folder.moved")
        if not verbs:
            return current
        current.name, current.key, current.parent = kept, folder_key(kept), place
        current.revision += 1
        current.save(update_fields=["name", "key", "parent", "revision"])
        for verb in verbs:
            _record(verb, acting_user, current)
        reached("folders.before-commit")
    return current


def move_document(
    *, acting_user: Any, document: Document, folder: Folder | None, seen_in: Folder | None
) -> None:
    """Put `document` into another folder of its workspace (to the top when None).

    For those who may edit it and for coordinators who see it. `seen_in`: where the person saw
    it. Raises FolderRefused where it is elsewhere by now, or the folder is not of this workspace.
    """
    with changing_tree(document.workspace) as tree:
        locked: Document = Document.objects.select_for_update().get(pk=document.pk)
        rights = rights_on(acting_user, locked)
        if not may_move(acting_user, locked, rights):
            raise NotAllowed("Only the owner's people and coordinators move a document.")
        if locked.workspace_id != document.workspace_id:
            # It went with its owner, who left the coalition: its place is in another tree.
            raise FolderRefused("meanwhile")
        place = _place(tree, folder)
        if locked.folder_id == (place.pk if place else None):
            return
        if locked.folder_id != (seen_in.pk if seen_in else None):
            raise FolderRefused("meanwhile")
        # `changed` stays: a document that was put away is no news.
        Document.objects.filter(pk=locked.pk).update(folder=place)
        audit.record(
            "document.moved",
            acting_user=acting_user,
            acting_organisation=rights.organisation,
            thing=locked,
            before=uuid_of(tree.by_key.get(locked.folder_id) if locked.folder_id else None),
            after=uuid_of(place),
        )
    document.folder = place


def _place(tree: Tree, folder: Folder | None) -> Folder | None:
    if folder is None:
        return None
    if folder.pk not in tree.by_key:
        raise FolderRefused("elsewhere")
    return tree.by_key[folder.pk]


def arranged(user: Any, tree: Tree, folder: Folder, revision: int) -> Folder:
    """Return the folder as it is now, where this person may change it and has seen it so.

    Raises FolderRefused where it is gone or was changed since, NotAllowed for everybody else.
    """
    if folder.pk not in tree.by_key:
        raise FolderRefused("elsewhere")
    current = tree.by_key[folder.pk]
    if not may_arrange_folder(user, current):
        raise NotAllowed("Only coordinators and the organisation that made it change a folder.")
    if current.revision != revision:
        raise FolderRefused("meanwhile")
    return current


def _let_stand(
    tree: Tree, place: Folder | None, name: str, *, levels: int, itself: Folder | None = None
) -> None:
    """Refuse a name that is taken in `place`, and what would lie too deep there."""
    if len(tree.path(place)) + levels > DEEPEST:
        raise FolderRefused("deep")
    key = folder_key(name)
    for other in tree.below.get(place.pk if place else None, ()):
        if other.key == key and other != itself:
            raise FolderRefused("taken")


def uuid_of(folder: Folder | None) -> str:
    """Return what audit rows call a place: empty for the top."""
    return str(folder.uuid) if folder is not None else ""


def _record(verb: str, user: Any, folder: Folder) -> None:
    membership = uploading_membership(user, folder.workspace)
    audit.record(
        verb,
        acting_user=user,
        acting_organisation=membership.organisation if membership else None,
        thing=folder,
        parent=uuid_of(folder.parent),
    )
