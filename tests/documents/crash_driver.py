"""Kills a process at each named point and looks at what is left: run by test_crashes.py.

Prints one JSON line per point: {"point": …, "killed": …, "problems": […]}. A process of its own,
because it forks, and because what is tested are commits to a database file.
"""

import json
import os
import signal
import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django

from tests.documents.crash_scans import SCANNING, scan
from tests.documents.crash_uploads import RESUMING, resume

UPLOADING = (
    "upload.receiving-begins",
    "upload.chunk-received",
    "upload.examined",
    "storage.upload-flushed",
    "storage.flushed",
    "storage.moved",
    "upload.stored",
    "upload.row-written",
    "indexing.noted",
    "upload.signals-sent",
    "upload.audited",
    "upload.before-commit",
    "upload.committed",
)
COPYING = ("storage.chunk-written",)
EXTRACTING = (
    "extraction.claimed",
    "extraction.text-read",
    "extraction.job-ended",
    "extraction.pages-written",
    "extraction.before-commit",
    "extraction.committed",
)
INDEXING = (
    "indexing.rows-read",
    "indexing.half-written",
    "indexing.engine-written",
    "indexing.rows-removed",
)
SHARING = (
    "sharing.checked",
    "sharing.row-ended",
    "sharing.row-begun",
    "indexing.noted",
    "sharing.before-commit",
)
TRASHING = ("trashing.row-written", "trashing.before-commit")

Check = Callable[[], list[str]]
Scenario = tuple[Callable[[], None], Check]


def in_child(point: str, act: Callable[[], None]) -> bool:
    """Do `act` in a forked process that dies at `point`; return whether it was killed."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        os.environ["PORTAL_CRASH_AT"] = point
        try:
            act()
        except BaseException:
            traceback.print_exc()
            os._exit(2)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


class Drill:
    """One world, and the scenarios in it."""

    def __init__(self) -> None:
        from search import engines
        from search.rebuilding import rebuild
        from tests import worlds

        owner, partner = worlds.make_organisation(), worlds.make_organisation()
        self.workspace = worlds.make_workspace(worlds.make_coalition(owner, partner))
        self.editor = worlds.make_person(owner, "editor")
        worlds.join(self.workspace, self.editor, owner, "contributor")
        rebuild(engines.embedded())

    # What is done -------------------------------------------------------------------------
    def upload(self) -> Scenario:
        mark, body = uuid4(), f"Words of {uuid4()}".encode() * 5000

        def act() -> None:
            from django.core.files.uploadedfile import SimpleUploadedFile
            from django.test import Client

            client = Client()
            client.force_login(self.editor)
            sent = SimpleUploadedFile("report.txt", body)
            fields = {
                "rung": "workspace",
                "recognisable": "no",
                "submission": str(mark),
                "uploads": sent,
            }
            answer = client.post(f"/en/workspaces/{self.workspace.uuid}/upload/", fields)
            assert answer.status_code == 302, answer.content.decode()

        def check() -> list[str]:
            act()  # the person sends the form again
            return self.after() + self.stored_once(mark, body)

        return act, check

    def copy(self) -> Scenario:
        mark, body = uuid4(), f"Copy {uuid4()}".encode()

        def act() -> None:
            self.add(body, mark)

        def check() -> list[str]:
            act()
            return self.after() + self.stored_once(mark, body)

        return act, check

    def extract(self) -> Scenario:
        from coalitions.documents.extraction import read_text_of

        body = f"Text to read {uuid4()}".encode()
        document = self.add(body, uuid4())
        version = document.current_version

        def check() -> list[str]:
            problems = self.after()
            texts = list(version.pages.values_list("text", flat=True))
            if texts != [body.decode()]:
                problems.append(f"pages {texts}")
            return problems

        return lambda: read_text_of(version.pk) and None, check

    def index(self) -> Scenario:
        from search.outbox import drain

        self.add(f"To be indexed {uuid4()}".encode(), uuid4())
        return lambda: drain() and None, self.after

    def share(self) -> Scenario:
        from coalitions.documents import services

        document = self.add(f"Shared {uuid4()}".encode(), uuid4())

        def act() -> None:
            services.share_document(acting_user=self.editor, document=document, rung="organisation")

        def check() -> list[str]:
            problems = self.after()
            rows = list(document.audiences.order_by("pk").values_list("rung", "until"))
            if rows != [("workspace", None)]:
                problems.append(f"a killed change left {rows}")
            act()
            rows = list(document.audiences.in_force().values_list("rung", flat=True))
            return problems if rows == ["organisation"] else [*problems, f"in force {rows}"]

        return act, check

    def trash(self) -> Scenario:
        from coalitions.documents import services

        document = self.add(f"Trashed {uuid4()}".encode(), uuid4())

        def act() -> None:
            services.trash_document(acting_user=self.editor, document=document)

        def check() -> list[str]:
            problems = self.after()
            document.refresh_from_db()
            return problems if document.trashed is None else [*problems, "half trashed"]

        return act, check

    # What must hold -----------------------------------------------------------------------
    def add(self, body: bytes, mark: UUID) -> Any:
        from django.core.files.base import ContentFile

        from coalitions.documents import services

        return services.add_document(
            acting_user=self.editor,
            workspace=self.workspace,
            content=ContentFile(body),
            name="report.txt",
            submission=mark,
        )

    @staticmethod
    def stored_once(mark: UUID, body: bytes) -> list[str]:
        from coalitions.documents.models import DocumentVersion

        versions = list(DocumentVersion.objects.filter(submission=mark))
        if len(versions) != 1:
            return [f"{len(versions)} versions of one upload"]
        whole = versions[0].file.read() == body
        return [] if whole else ["the stored file differs from the sent one"]

    @staticmethod
    def after(unread: int = 0) -> list[str]:
        """Restart: an hour passes, the sweeps run; then rows, files and index must agree."""
        from django.conf import settings
        from django.core.files.storage import storages
        from django.utils import timezone

        from coalitions.documents import extraction, sweeping
        from coalitions.documents.models import DocumentVersion, TextExtraction
        from search.models import OutboxRow
        from search.outbox import drain
        from search.reconcile import compare

        held = timezone.now() - timedelta(hours=1)
        TextExtraction.objects.filter(state="waiting", claimed__isnull=False).update(claimed=held)
        OutboxRow.objects.filter(claimed__isnull=False).update(claimed=held)
        root, incoming = (
            Path(storages["documents"].location),
            Path(settings.FILE_UPLOAD_TEMP_DIR),
        )
        unfinished = Path(settings.VAR_DIR, "uploads")
        for path in [*root.rglob("*"), *incoming.iterdir(), *unfinished.glob("*")]:
            if path.is_file():
                os.utime(path, (held.timestamp(), held.timestamp()))
        extraction.read_waiting()
        drain()
        sweeping.sweep()
        rows = set(DocumentVersion.objects.values_list("file", flat=True))
        found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
        left = [path.name for path in (*incoming.iterdir(), *unfinished.glob("*-*"))]
        waiting = TextExtraction.objects.filter(state="waiting").count()
        drift = compare()
        return [
            *(f"row without file: {name}" for name in rows - found),
            *(f"file without row: {name}" for name in found - rows),
            *(f"upload left behind: {name}" for name in left),
            *([f"{waiting} texts not read"] if waiting != unread else []),
            *([f"the index differs: {drift}"] if drift else []),
        ]


Scenes = Mapping[str, tuple[tuple[str, ...], Callable[[Any], Scenario]]]
SCENES: Scenes = {
    "upload": (UPLOADING, Drill.upload),
    "resume": (RESUMING, resume),
    "copy": (COPYING, Drill.copy),
    "extract": (EXTRACTING, Drill.extract),
    "index": (INDEXING, Drill.index),
    "share": (SHARING, Drill.share),
    "trash": (TRASHING, Drill.trash),
    "scan": (SCANNING, scan),
}


def points_of(scenes: Scenes) -> list[str]:
    """Return what is printed for the points of each scenario."""
    return [f"{name}:{point}" for name, (points, _) in scenes.items() for point in points]


def go_through(drill: Callable[[], Drill], scenes: Scenes) -> None:
    """Go through every point of each scenario, in one world."""
    django.setup()
    from portal.celery import app

    app.conf.task_always_eager = False
    world = drill()
    for name, (points, make) in scenes.items():
        for point in points:
            act, check = make(world)
            killed = in_child(point, act)
            found = {"point": f"{name}:{point}", "killed": killed, "problems": check()}
            print(json.dumps(found), flush=True)  # noqa: T201


if __name__ == "__main__":
    go_through(Drill, SCENES)
