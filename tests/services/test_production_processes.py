"""Web, worker and scheduler as docker-compose.yml starts them, against the real servers.

Commands and variables are read from the file; only the addresses of the servers, which the file
takes from the closed network of the containers, are those of the machine.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
import yaml

from tests.repository.project import ROOT, inherited, interpolated, run
from tests.repository.test_containers import GIVEN

SERVERS = ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")
MISSING = [name for name in SERVERS if not os.environ.get(name)]
pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(bool(MISSING), reason=f"not set: {', '.join(MISSING)}"),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="DATABASE_URL does not name PostgreSQL",
    ),
]
DATABASE = "portal_production_processes"
# A Redis database of its own: another worker must not take this one's tasks.
REDIS_DATABASE = "9"
HOST = "portal.example.org"
PATIENCE_S = 90.0


def _elsewhere(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """An empty database beside the one of the tests."""
    given = os.environ["DATABASE_URL"]
    with psycopg.connect(_elsewhere(given, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        yield _elsewhere(given, DATABASE)
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    url = _elsewhere(os.environ["REDIS_URL"], REDIS_DATABASE)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(scope="module")
def environment(
    compose: dict[str, Any],
    database: str,
    broker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """The variables of the compose file, with this machine's servers and folders."""
    var = tmp_path_factory.mktemp("portal")
    described = compose["x-portal"]["environment"]
    return {
        **{name: interpolated(str(value), GIVEN) for name, value in described.items()},
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "ELASTICSEARCH_URL": os.environ["ELASTICSEARCH_URL"],
        "ELASTICSEARCH_INDEX_PREFIX": "processes",
        "PORTAL_VAR": str(var / "var"),
        "PORTAL_STATIC": str(var / "static"),
        "TMPDIR": str(var),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def prepared(compose: dict[str, Any], environment: dict[str, str]) -> dict[str, str]:
    """Environment after the one-shot service and what the image does while it is built."""
    command = _command(compose, "setup")
    result = run(command, environment, seconds=600)
    assert result.returncode == 0, result.stderr[-2000:]
    # As in the Dockerfile, but uncompressed: that takes minutes and proves nothing here.
    collecting = (
        "import django; django.setup();"
        "from django.conf import settings; from django.core.management import call_command;"
        "settings.STORAGES['staticfiles']['BACKEND'] ="
        " 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage';"
        "call_command('collectstatic', interactive=False, verbosity=0);"
        "call_command('compile_catalogues')"
    )
    result = run(["python", "-c", collecting], environment, seconds=600)
    assert result.returncode == 0, result.stderr[-2000:]
    return environment


def _command(compose: dict[str, Any], service: str, **changes: str) -> list[str]:
    words = [interpolated(word, {}) for word in compose["services"][service]["command"]]
    return [changes.get(word, word) for word in words]


class Running:
    """A process of the compose file, its output in a file."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**inherited(), **environment},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.output():
            assert self.process.poll() is None, self.output()[-2000:]
            assert time.monotonic() < deadline, self.output()[-2000:]
            time.sleep(0.2)

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@pytest.fixture(scope="module")
def port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def processes(
    compose: dict[str, Any],
    prepared: dict[str, str],
    port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Running]]:
    logs = tmp_path_factory.mktemp("logs")
    schedule = f"--schedule={logs / 'scheduler'}"
    commands = {
        "web": _command(compose, "web", **{"--bind=0.0.0.0:8000": f"--bind=127.0.0.1:{port}"}),
        "worker": _command(compose, "worker"),
        "scheduler": _command(compose, "scheduler", **{"--schedule=/tmp/scheduler": schedule}),
    }
    with ExitStack() as stack:
        running = {}
        for name, command in commands.items():
            running[name] = Running(command, prepared, logs / f"{name}.log")
            stack.callback(running[name].stop)
        yield running


def _get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", path, headers={"Host": HOST, **headers})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()


@pytest.fixture(scope="module")
def web(processes: dict[str, Running], port: int) -> Running:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        assert processes["web"].process.poll() is None, processes["web"].output()[-2000:]
        try:
            if _get(port, "/healthz")[0] == 200:
                return processes["web"]
        except (OSError, HTTPException):
            time.sleep(0.3)
    pytest.fail(processes["web"].output()[-2000:])


@pytest.mark.usefixtures("web")
def test_it_is_alive_and_ready(port: int) -> None:
    assert json.loads(_get(port, "/healthz")[2]) == {"status": "ok"}
    status, _headers, body = _get(port, "/readyz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})


@pytest.mark.usefixtures("web", "processes")
def test_operators_see_every_part_at_work(port: int) -> None:
    token = {"Authorization": f"Bearer {GIVEN['OPERATOR_TOKEN']}"}
    until = time.monotonic() + 2 * PATIENCE_S
    # The worker builds the first search index by itself, at its first look for what waits.
    while time.monotonic() < until:
        checks = json.loads(_get(port, "/readyz", **token)[2])["checks"]
        if all(check["ok"] for check in checks.values()):
            break
        time.sleep(1)
    assert checks["search_engine"]["detail"].startswith("elasticsearch")
    assert all(check["ok"] for check in checks.values()), checks
    assert checks["database"]["detail"] == "postgresql"
    assert checks["broker"]["detail"] == "redis"


@pytest.mark.usefixtures("web")
def test_a_page_is_answered_behind_the_proxy(port: int) -> None:
    status, headers, body = _get(port, "/en/", **{"X-Forwarded-Proto": "https"})
    assert status == 200
    assert b"<html" in body
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    style = body.split(b'rel="stylesheet" href="')[1].split(b'"')[0].decode()
    status, headers, _body = _get(port, style, **{"X-Forwarded-Proto": "https"})
    assert status == 200
    assert "immutable" in headers["Cache-Control"]


@pytest.mark.usefixtures("web")
def test_plain_requests_are_sent_to_tls(port: int) -> None:
    status, headers, _body = _get(port, "/en/")
    assert status == 301
    assert headers["Location"] == f"https://{HOST}/en/"


@pytest.mark.usefixtures("web")
def test_other_hosts_are_turned_away(port: int) -> None:
    assert _get(port, "/en/", **{"Host": "evil.example", "X-Forwarded-Proto": "https"})[0] == 400


@pytest.mark.usefixtures("web")
def test_the_containers_own_probe_agrees(
    compose: dict[str, Any], prepared: dict[str, str], port: int
) -> None:
    _kind, *command = compose["services"]["web"]["healthcheck"]["test"]
    command = [word.replace(":8000", f":{port}") for word in command]
    assert run(command, prepared).returncode == 0
    assert run([*command[:-1], "http://127.0.0.1:1/readyz"], prepared).returncode == 1


def test_the_worker_does_what_it_is_told(
    processes: dict[str, Running], prepared: dict[str, str]
) -> None:
    processes["worker"].wait_for("ready.")
    program = (
        "import django; django.setup(); from portal.celery import app;"
        "print(app.send_task('search.drain_outbox').id)"
    )
    sent = run(["python", "-c", program], prepared)
    assert sent.returncode == 0, sent.stderr
    task = sent.stdout.strip()
    processes["worker"].wait_for(f"Task search.drain_outbox[{task}] succeeded")


def test_the_worker_answers_its_probe(
    compose: dict[str, Any], processes: dict[str, Running], prepared: dict[str, str]
) -> None:
    processes["worker"].wait_for("ready.")
    _kind, script = compose["services"]["worker"]["healthcheck"]["test"]
    environment = {**prepared, "HOSTNAME": socket.gethostname()}
    result = run(["sh", "-c", interpolated(script, {})], environment)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_scheduler_sends_what_is_due(processes: dict[str, Running]) -> None:
    processes["scheduler"].wait_for("Sending due task")
    for name in processes:
        assert processes[name].process.poll() is None, name


def test_every_process_ends_when_asked(
    compose: dict[str, Any], prepared: dict[str, str], tmp_path: Path
) -> None:
    """A container is stopped with SIGTERM and has ten seconds."""
    schedule = f"--schedule={tmp_path / 'scheduler'}"
    command = _command(compose, "scheduler", **{"--schedule=/tmp/scheduler": schedule})
    scheduler = Running(command, prepared, tmp_path / "scheduler.log")
    scheduler.wait_for("beat: Starting")
    assert scheduler.stop() == 0


def test_commands_are_those_of_the_image() -> None:
    """The image's default command and the compose file's start the same application."""
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]
    words = json.loads(last.removeprefix("CMD "))
    assert words[:2] == ["gunicorn", "portal.wsgi:application"]
    assert shutil.which(words[0], path=str(Path(sys.executable).parent)), shlex.join(words)
