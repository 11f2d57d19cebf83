"""The folders of one workspace as a tree, read in one query; those in the trash are not in it.

Invariant: a tree is a picture of one moment; what changes it locks the workspace and reads anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from coalitions.documents.models import Folder
from coalitions.network.models import Workspace

TOP: Final = "top"


def place_code(folder: Folder | None) -> str:
    """Return what a place is called in forms and addresses: a folder's uuid, or TOP."""
    return str(folder.uuid) if folder is not None else TOP


@dataclass(frozen=True)
class Tree:
    """`by_key`: folders by primary key, in the order of their names."""

    by_key: dict[int, Folder]
    below: dict[int | None, list[Folder]] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace) -> Tree:
        """Read the folders of `workspace`."""
        return cls.from_rows(Folder.objects.standing_in(workspace).order_by("key", "pk"))

    @classmethod
    def from_rows(cls, rows: Iterable[Folder]) -> Tree:
        """Make a tree of these folders, in their order."""
        tree = cls({folder.pk: folder for folder in rows})
        for folder in tree.by_key.values():
            tree.below.setdefault(folder.parent_id, []).append(folder)
        return tree

    def find(self, uuid: UUID) -> Folder | None:
        """Return the folder with this uuid, or None where this workspace has none."""
        return next((f for f in self.by_key.values() if f.uuid == uuid), None)

    def path(self, folder: Folder | None) -> list[Folder]:
        """Return the folders from the top down to `folder`, itself included."""
        path: list[Folder] = []
        while folder is not None:
            path.append(folder)
            folder = self.by_key.get(folder.parent_id) if folder.parent_id else None
        return path[::-1]

    def within(self, folder: Folder) -> Iterator[Folder]:
        """Yield `folder` and all folders in it, each before those that it holds."""
        yield folder
        for child in self.below.get(folder.pk, ()):
            yield from self.within(child)

    def height(self, folder: Folder) -> int:
        """Return how many levels `folder` and what is in it take: 1 where it holds no folder."""
        return 1 + max((self.height(child) for child in self.below.get(folder.pk, ())), default=0)

    def listed(self, without: Folder | None = None) -> list[tuple[Folder, int]]:
        """Return all folders with their level (1 at the top), each followed by those in it.

        `without`: leave out this folder and what is in it, as when it is moved.
        """
        rows: list[tuple[Folder, int]] = []

        def walk(parent: int | None, level: int) -> None:
            for folder in self.below.get(parent, ()):
                if without is None or folder.pk != without.pk:
                    rows.append((folder, level))
                    walk(folder.pk, level + 1)

        walk(None, 1)
        return rows
