"""`make run`'s command: refusals in one line; start, stop and start again with the data kept."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.home.management.commands import serve

ROOT = Path(serve.__file__).resolve().parents[4]


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield int(probe.getsockname()[1])


def test_a_port_in_use_is_said_in_one_line(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {taken} is in use") as refusal:
            call_command("serve", port=str(taken))
    assert f"PORT={taken + 1}" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "abc", "80", "70000", "-1", "8000; true"])
def test_a_bad_port_is_named(text: str) -> None:
    with pytest.raises(CommandError, match=r"^PORT: "):
        call_command("serve", port=text)


def test_only_the_demonstration_is_served_so(settings: Any) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="demonstration"):
        call_command("serve", port="8000", stdout=StringIO())


def test_it_binds_to_loopback_alone() -> None:
    command = serve._web(8000)
    assert command[command.index("--bind") + 1] == "127.0.0.1:8000"


class Served:
    """`manage.py serve` with a folder of its own, as `bin/run` starts it."""

    def __init__(self, var: Path, port: int) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "PORTAL_VAR": str(var),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_DEMO_PASSWORD", "PYTEST_CURRENT_TEST"):
            environment.pop(name, None)
        self.log = var.with_suffix(".log")
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            said = self.log.read_text()
            if "Ctrl-C stops everything." in said:
                return said
            time.sleep(0.5)
        self.process.kill()
        pytest.fail(self.log.read_text()[-2000:])

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


def _is_mentioned(text: str) -> bool:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                if text in (folder / "environ").read_text(errors="replace"):
                    return True
            except OSError:
                continue
    return False


@pytest.mark.nightly
def test_start_stop_and_start_again(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    var = tmp_path / "var"
    passwords = []
    for patience in (600, 60):
        served = Served(var, port)
        said = served.wait_until_ready(patience)
        passwords += re.findall(r"^Password: (\S+)$", said, re.MULTILINE)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/en/") as page:
            assert page.status == 200
        assert served.interrupt() == 0
        assert not _is_mentioned(str(var)), "a process is left"
    assert len(passwords) == 2
    assert passwords[0] == passwords[1]
