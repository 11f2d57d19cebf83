"""Kills a process in the middle of trashing, restoring and deleting for good: see crash_driver.py.

Beside rows, files and index it looks at the bytes of the database: what was deleted for good is in
none of them.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.documents.crash_driver import Drill, Scenario, Scenes, go_through

TRASHING = ("trashing.folders-written", "indexing.noted", "trashing.folder-before-commit")
RESTORING = ("restoring.folder-before-commit",)
PURGING = (
    "purging.versions-deleted",
    "purging.rows-deleted",
    "purging.committed",
    "purging.file-removed",
    "purging.images-removed",
    "purging.folder-deleted",
)


class TrashDrill(Drill):
    """A folder with a document of two versions, and one that is its translation."""

    def _scene(self) -> dict[str, Any]:
        from coalitions.documents import services
        from coalitions.documents.extraction import read_waiting
        from coalitions.documents.images import image_folder

        word = f"quokka{uuid4().hex}"
        folder = services.make_folder(
            acting_user=self.editor, workspace=self.workspace, name=f"Folder {uuid4()}"
        )
        document = self.add(f"First {word}".encode(), uuid4())
        services.move_document(
            acting_user=self.editor, document=document, folder=folder, seen_in=None
        )
        services.edit_details(acting_user=self.editor, document=document, title=f"About {word}")
        from django.core.files.base import ContentFile

        services.add_version(
            acting_user=self.editor,
            document=document,
            content=ContentFile(f"Second {word}".encode()),
            name=f"{word}.txt",
        )
        other = self.add(f"Other {uuid4()}".encode(), uuid4())
        services.edit_details(acting_user=self.editor, document=other, translation_of=document)
        read_waiting()
        for version in document.versions.all():
            (image_folder() / str(version.uuid)).mkdir()
            (image_folder() / str(version.uuid) / "1-1000.png").write_bytes(b"a picture")
        self.after()
        return {"folder": folder, "document": document, "other": other, "word": word}

    def trash(self) -> Scenario:
        from coalitions.documents import services

        scene = self._scene()

        def act() -> None:
            services.trash_folder(acting_user=self.editor, folder=scene["folder"], revision=1)

        def check() -> list[str]:
            return self.after() + self._standing(scene, trashed=False)

        return act, check

    def restore(self) -> Scenario:
        from coalitions.documents import services

        scene = self._scene()
        services.trash_folder(acting_user=self.editor, folder=scene["folder"], revision=1)

        def act() -> None:
            services.restore_folder(acting_user=self.editor, folder=scene["folder"])

        def check() -> list[str]:
            return self.after() + self._standing(scene, trashed=True)

        return act, check

    def purge(self) -> Scenario:
        from django.utils import timezone

        from coalitions.documents import services
        from coalitions.documents.models import Document, Folder
        from coalitions.documents.purging import purge_expired

        scene = self._scene()
        services.trash_folder(acting_user=self.editor, folder=scene["folder"], revision=1)
        self.after()
        old = timezone.now() - timedelta(days=31)
        Document.objects.filter(trashed__isnull=False).update(trashed=old)
        Folder.objects.filter(trashed__isnull=False).update(trashed=old)

        def act() -> None:
            purge_expired()

        def check() -> list[str]:
            problems = self.after()
            act()  # the next night
            return problems + self.after() + self._gone(scene)

        return act, check

    @staticmethod
    def _standing(scene: dict[str, Any], *, trashed: bool) -> list[str]:
        folder, document = scene["folder"], scene["document"]
        folder.refresh_from_db()
        document.refresh_from_db()
        both = (folder.trashed is not None, document.trashed is not None)
        return [] if both == (trashed, trashed) else [f"half done: {both}"]

    @staticmethod
    def _gone(scene: dict[str, Any]) -> list[str]:
        from django.db import connection

        from coalitions.documents.images import image_folder
        from coalitions.documents.models import Document, DocumentVersion, Folder
        from coalitions.network.models import AuditEntry
        from search import engines
        from search.models import Entry

        engines.embedded().tidy()
        document, uuid = scene["document"], scene["document"].uuid
        connection.close()
        database = Path(str(connection.settings_dict["NAME"]))
        files = [database, database.with_name(f"{database.name}-wal")]
        data = b"".join(path.read_bytes() for path in files if path.exists())
        entries = AuditEntry.objects.filter(verb="document.purged", object_uuid=uuid)
        kept = {str(row) for row in DocumentVersion.objects.values_list("uuid", flat=True)}
        pictures = [path.name for path in image_folder().iterdir() if path.name not in kept]
        scene["other"].refresh_from_db()
        return [
            *(["the row is there"] if Document.objects.filter(pk=document.pk).exists() else []),
            *(["the folder is there"] if Folder.objects.filter(trashed__isnull=False) else []),
            *([f"{entries.count()} audit rows"] if entries.count() != 1 else []),
            *(["pictures are there"] if pictures else []),
            *(["it is somebody's original"] if scene["other"].translation_of_id else []),
            *(["search has it"] if Entry.objects.filter(family=str(uuid)).exists() else []),
            *(["its words are in the database"] if scene["word"].encode() in data else []),
        ]


SCENES: Scenes = {
    "trash": (TRASHING, TrashDrill.trash),
    "restore": (RESTORING, TrashDrill.restore),
    "purge": (PURGING, TrashDrill.purge),
}


if __name__ == "__main__":
    go_through(TrashDrill, SCENES)
