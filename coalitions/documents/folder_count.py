"""How many folders a workspace may hold, asked before any is made.

Invariant: what is in the trash does not count until it is restored.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from coalitions.documents.folder_names import FolderRefused, folder_key
from coalitions.documents.models import Folder
from coalitions.documents.tree import Tree


def let_hold(tree: Tree, more: int) -> None:
    """Raise FolderRefused where so many more folders are too many; none more are always right."""
    if more and len(tree.by_key) + more > settings.WORKSPACE_MAX_FOLDERS:
        raise FolderRefused("many")


def new_folders(tree: Tree, place: Folder | None, paths: Iterable[tuple[str, ...]]) -> int:
    """Return how many of the folders of these paths below `place` are not there yet."""
    missing: set[tuple[str, ...]] = set()
    for path in paths:
        here: int | None = place.pk if place is not None else None
        keys: tuple[str, ...] = ()
        for name in path:
            keys = (*keys, folder_key(name))
            if keys[:-1] not in missing:
                found = [f for f in tree.below.get(here, ()) if f.key == keys[-1]]
                if found:
                    here = found[0].pk
                    continue
            missing.add(keys)
    return len(missing)
