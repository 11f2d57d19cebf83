"""A small tus client on Django's test client, for tests of the protocol's every header."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from coalitions.documents.models import ResumableUpload
from portal.accounts.models import User
from tests.documents.pages import client_of

if TYPE_CHECKING:
    from tests.documents.conftest import World

PART_TYPE = "application/offset+octet-stream"
TEXT = b"Some plain words about the lanterns of the harbour.\n" * 40


def pairs(**values: str) -> str:
    """Return an Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(v.encode()).decode()}" for key, v in values.items())


class Tus:
    """One person's client."""

    def __init__(self, world: World, user: User | None) -> None:
        self.client = client_of(user)
        self.endpoint = f"/en/workspaces/{world.workspace.uuid}/uploads/"

    def ask(self, method: str, path: str = "", body: bytes = b"", **headers: str) -> HttpResponse:
        """Send one request; header names are written with underscores, None leaves one out."""
        sent: dict[str, Any] = {"Tus_Resumable": "1.0.0", **headers}
        extra = {f"HTTP_{name.upper()}": value for name, value in sent.items() if value is not None}
        # Django's client leaves the type of an empty body out.
        extra["CONTENT_TYPE"] = extra.pop("HTTP_CONTENT_TYPE", PART_TYPE)
        return self.client.generic(  # type: ignore[return-value]
            method, path or self.endpoint, body, **extra
        )

    def begin(self, length: int, **metadata: str) -> HttpResponse:
        """Begin an upload."""
        said = {"filename": "lanterns.txt", **metadata}
        return self.ask("POST", Upload_Length=str(length), Upload_Metadata=pairs(**said))

    def begun(self, length: int = len(TEXT), **metadata: str) -> str:
        """Begin an upload and return its address."""
        answer = self.begin(length, **metadata)
        assert answer.status_code == 201, answer.content
        return answer.headers["Location"]

    def send(self, path: str, body: bytes, offset: int = 0, **headers: str) -> HttpResponse:
        """Send one part."""
        return self.ask("PATCH", path, body, Upload_Offset=str(offset), **headers)

    def offset(self, path: str) -> int:
        """Ask how far it is."""
        answer = self.ask("HEAD", path)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])


def row_of(path: str) -> ResumableUpload:
    """Return the row behind an address."""
    return ResumableUpload.objects.get(uuid=path.rstrip("/").rsplit("/", 1)[1])


def in_parts(world: World, name: str, data: bytes, *, cut: int = 0, **said: str) -> ResumableUpload:
    """Send a file whole, or in two parts that meet at `cut`; return its row."""
    client = Tus(world, world.contributor)
    path = client.begun(len(data), filename=name, **said)
    if cut:
        client.send(path, data[:cut])
    client.send(path, data[cut:], offset=cut)
    return row_of(path)
