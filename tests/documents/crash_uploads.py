"""An upload in parts that is killed at each of its points: a scenario of crash_driver.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

RESUMING = (
    "uploads.chunk-written",
    "uploads.part-flushed",
    "upload.examined",
    "storage.upload-flushed",
    "storage.moved",
    "upload.stored",
    "upload.before-commit",
    "upload.committed",
    "uploads.document-stored",
    "uploads.ended",
)
TUS = {"Tus-Resumable": "1.0.0"}


def resume(drill: Any) -> tuple[Callable[[], None], Callable[[], list[str]]]:
    """Send what is missing in one part; after the kill the client asks how far, and goes on."""
    from django.test import Client

    body = f"Words in parts {uuid4()}".encode() * 5000
    client = Client()
    client.force_login(drill.editor)
    begun = client.post(
        f"/en/workspaces/{drill.workspace.uuid}/uploads/",
        headers={**TUS, "Upload-Length": str(len(body))},
    )
    path = begun.headers["Location"]
    mark = UUID(path.rstrip("/").rsplit("/", 1)[1])

    def act() -> None:
        offset = int(client.head(path, headers=TUS).headers["Upload-Offset"])
        answer = client.patch(
            path,
            body[offset:],
            headers={**TUS, "Upload-Offset": str(offset)},
            CONTENT_TYPE="application/offset+octet-stream",
        )
        assert answer.status_code == 204, answer.content

    def check() -> list[str]:
        act()
        told = client.get(path).json()["state"]
        problems = [] if told == "stored" else [f"the upload is {told}"]
        return [*drill.after(), *drill.stored_once(mark, body), *problems]

    return act, check
