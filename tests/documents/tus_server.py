"""A real server for uploads, with its own database and folder, that can be killed and restarted.

`python -m tests.documents.tus_server prepare` makes its world; `... look` prints what was stored.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

CSRF = "c" * 32
ROOT = Path(__file__).resolve().parent.parent.parent


def prepare() -> dict[str, Any]:
    """Make a workspace and three people in it; return their sessions."""
    from django.test import Client

    from tests import worlds

    owner, partner = worlds.make_organisation(), worlds.make_organisation()
    workspace = worlds.make_workspace(worlds.make_coalition(owner, partner), language="en")
    sessions = []
    for organisation in (owner, partner):
        person = worlds.make_person(organisation)
        worlds.join(workspace, person, organisation, "contributor")
        client = Client()
        client.force_login(person)
        sessions.append(client.cookies["sessionid"].value)
    return {"endpoint": f"/en/workspaces/{workspace.uuid}/uploads/", "sessions": sessions}


def look() -> list[dict[str, Any]]:
    """Return every version: its name, and the digest of its file."""
    from coalitions.documents.models import DocumentVersion

    found = []
    for version in DocumentVersion.objects.order_by("pk"):
        digest = hashlib.sha256()
        with version.file.open() as file:
            for chunk in file.chunks():
                digest.update(chunk)
        found.append({"name": version.name, "size": version.size, "sha256": digest.hexdigest()})
    return found


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """Gunicorn as production runs it: threads, one worker here."""

    folder: Path
    database: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    world: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.documents.tus_settings",
            "PORTAL_VAR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            **self.environment,
        }
        self.world = self.run("prepare")

    def run(self, verb: str) -> Any:
        """Do one of this module's acts in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.documents.tus_server", verb],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return json.loads(done.stdout.splitlines()[-1])

    def start(self) -> None:
        """Start, and wait for the first answer."""
        command = [
            sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--preload",
            f"--bind=127.0.0.1:{self.port}", "--worker-class=gthread", "--threads=8",
            "--workers=1", "--timeout=120", "--no-control-socket", "--log-level=error",
        ]  # fmt: skip
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        for _ in range(300):
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not answer")

    def get(self, path: str, session: str = "") -> int:
        """Return the status of a page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]

    def kill(self) -> None:
        """Kill -9 all of it, as a power cut would."""
        assert self.process is not None
        for pid in [self.process.pid, *self.workers()]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def headers(self, person: int = 0) -> dict[str, str]:
        """Return what a browser with a session sends."""
        session = self.world["sessions"][person]
        return {"Cookie": f"sessionid={session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}

    def address(self, port: int | None = None) -> str:
        """Return where uploads begin; through another port where one is named."""
        return f"http://127.0.0.1:{port or self.port}{self.world['endpoint']}"


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"prepare": prepare, "look": look}[sys.argv[1]]()))  # noqa: T201
