"""`manage.py serve`: the whole demonstration on loopback: web server, worker and scheduler.

Invariant: it binds to 127.0.0.1 and nowhere else, and leaves no process behind.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from portal.demo.loading import load, state
from portal.demo.management.commands.demo_network import table
from portal.demo.network import read_network
from portal.home import demonstration, founding
from portal.home.supervisor import Supervisor

HOST = "127.0.0.1"
FIRST_ANSWER_S = 60.0


class Command(BaseCommand):
    """Prepares the data, starts the processes and stays until Ctrl-C."""

    help = "Starts the demonstration on 127.0.0.1: web server, one worker and the scheduler."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port."""
        parser.add_argument("--port", default="8000", help="port on 127.0.0.1 (default 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, wait for the end."""
        port = _port(options["port"])
        if not settings.DEMO_MODE:
            raise CommandError("serve is for the demonstration; see docker-compose.yml otherwise.")
        if not _is_free(port):
            raise CommandError(
                f"Port {port} is in use on this machine. Choose another: make run PORT={port + 1}"
            )
        try:
            self._prepare()
        except KeyboardInterrupt:
            raise CommandError(
                "Stopped while preparing; the next start goes on from here."
            ) from None
        # The children open their own connections; SQLite's must not be carried into them.
        connections.close_all()
        sys.exit(self._supervise(port))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _step(self, line: str) -> None:
        self._say(f"→ {line}")

    def _prepare(self) -> None:
        self._step("Compiling the interface's languages")
        call_command("compile_catalogues", stdout=io.StringIO())
        waiting = founding.waiting_migrations()
        if waiting:
            self._step(f"Preparing the database ({waiting} steps)")
            progress = _Progress(self._say, waiting)
            call_command("migrate", interactive=False, no_color=True, stdout=progress)
        self._step("Checking site, languages and groups")
        call_command("setup_portal", stdout=io.StringIO())
        if demonstration.is_wanted():
            self._step("Loading the demonstration network")
            password = demonstration.kept_password()
            load(password, lambda line: self._say(f"  {line}"))

    def _supervise(self, port: int) -> int:
        supervisor = Supervisor(say=self._say)
        supervisor.listen_to_signals()
        # Warnings of libraries are for those who change the code; `make test` shows them.
        os.environ.setdefault("PYTHONWARNINGS", "ignore")
        try:
            self._step("Starting the web server")
            supervisor.start("web", _web(port))
            if supervisor.wait_until(lambda: _answers(port), seconds=FIRST_ANSWER_S):
                self._step("Starting the worker and the scheduler")
                supervisor.start("worker", _worker())
                supervisor.start("scheduler", _scheduler())
                self._welcome(port)
            elif not supervisor.stopping and supervisor.ended() is None:
                self._say(f"The web server did not answer within {FIRST_ANSWER_S:.0f} s.")
                return 1
        finally:
            code = supervisor.run() if supervisor.children else 1
        self._say("Stopped. Your data is kept in " + str(settings.VAR_DIR))
        return code

    def _welcome(self, port: int) -> None:
        lines = ["", f"The portal answers at  http://{HOST}:{port}/"]
        if state.is_demonstration():
            lines.append(table(read_network(), demonstration.kept_password()))
        else:
            lines.append("This database holds no demonstration: sign in with your own account.")
        self._say("\n".join([*lines, "", "Ctrl-C stops everything."]))


class _Progress(io.StringIO):
    """Swallows migrate's report and says now and then how far it is."""

    def __init__(self, say: Any, total: int) -> None:
        super().__init__()
        self._say, self._total, self._done = say, total, 0

    def write(self, text: str) -> int:
        if " OK" in text:
            self._done += 1
            if self._done % 50 == 0:
                self._say(f"  {self._done} of {self._total}")
        return len(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65_535:
        raise CommandError(f"PORT: {text!r} is no port; choose a number from 1024 to 65535.")
    return int(text)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    client = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        client.request("GET", "/healthz")
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def _web(port: int) -> list[str]:
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", "8"]
    options += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    program = [sys.executable, "-m", "gunicorn", "portal.wsgi:application"]
    return [*program, "--bind", f"{HOST}:{port}", *options]


def _worker() -> list[str]:
    options = ["--concurrency", "1", "--loglevel", "WARNING", "--hostname", "demo@%h"]
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker", *options]


def _scheduler() -> list[str]:
    schedule = str(settings.VAR_DIR / "scheduler")
    options = ["--loglevel", "WARNING", "--pidfile", "", "--schedule", schedule]
    return [sys.executable, "-m", "celery", "-A", "portal", "--quiet", "beat", *options]
