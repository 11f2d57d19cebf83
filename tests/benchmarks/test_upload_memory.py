"""One gigabyte through tus: how much more memory the server takes, in parts and in one go."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.documents.tus_server import Server
from tests.template_database import copy_for_worker

pytestmark = pytest.mark.benchmark
WHOLE = 1024**3
MOST_GROWTH = 50 * 1024**2
BLOCK = os.urandom(1024**2)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    database = copy_for_worker("upload-memory")
    server = Server(tmp_path, database, {"DOCUMENT_MAX_BYTES": str(2 * WHOLE)})
    server.start()
    yield server
    server.kill()
    shutil.rmtree(database.parent, ignore_errors=True)


def kilobytes(pid: int, name: str) -> int:
    """Return one of the numbers of /proc/<pid>/status: VmRSS is now, VmHWM the highest so far."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(name)


def body(start: int, length: int) -> Iterator[bytes]:
    """Yield so many bytes of a file that begins like a PDF."""
    head = b"%PDF-1.7\n" if start == 0 else b""
    yield head
    left = length - len(head)
    while left > 0:
        yield BLOCK[: min(left, len(BLOCK))]
        left -= len(BLOCK)


def ask(server: Server, method: str, path: str, content: object = None, **headers: str) -> str:
    """Send one request; return the header Location or Upload-Offset of its answer."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.request(
        method,
        path,
        content,
        {**server.headers(), "Tus-Resumable": "1.0.0", **said},  # type: ignore[arg-type]
    )
    answer = connection.getresponse()
    words = answer.read()
    assert answer.status in (201, 204), words
    connection.close()
    return answer.headers.get("Location") or answer.headers["Upload-Offset"]


def send(server: Server, whole: int, part: int) -> None:
    """Send a file of `whole` bytes in parts of `part`."""
    path = ask(server, "POST", server.world["endpoint"], Upload_Length=str(whole))
    for start in range(0, whole, part):
        length = min(part, whole - start)
        told = ask(
            server, "PATCH", path, body(start, length),
            Upload_Offset=str(start), Content_Length=str(length),
            Content_Type="application/offset+octet-stream",
        )  # fmt: skip
        assert told == str(start + length)


@pytest.mark.parametrize("part", [4 * 1024**2, WHOLE], ids=["in parts", "in one go"])
def test_a_gigabyte(server: Server, part: int) -> None:
    send(server, 3 * 1024**2, 1024**2)  # what is loaded once is not growth
    (worker,) = server.workers()
    before = kilobytes(worker, "VmRSS")
    started = time.monotonic()
    send(server, WHOLE, part)
    seconds = time.monotonic() - started
    assert server.workers() == [worker]
    growth = kilobytes(worker, "VmHWM") - before
    sys.stdout.write(
        f"\n1 GB, parts of {part // 1024**2} MB: {seconds:.1f} s, +{growth / 1e6:.1f} MB\n"
    )
    assert growth < MOST_GROWTH
    assert [version["size"] for version in server.run("look")] == [3 * 1024**2, WHOLE]
