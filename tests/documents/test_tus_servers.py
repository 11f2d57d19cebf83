"""Real servers and an independent client (tuspy): cut lines, kill -9, two at once, slow senders."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from tests.documents.tus_server import Server, free_port
from tests.template_database import copy_for_worker

WHOLE = 6 * 1024 * 1024
PART = 512 * 1024
SURE_CUTS = 6
PROBLEMS = (TusCommunicationError, TusUploadFailed, OSError)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("tus")
    database = copy_for_worker("tus")
    server = Server(folder, database)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(database.parent, ignore_errors=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that nobody sent before, of a type that is taken."""
    path = tmp_path / f"lanterns-{random.getrandbits(32)}.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(WHOLE))
    return path


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stored(server: Server, path: Path) -> list[dict[str, Any]]:
    return [version for version in server.run("look") if version["name"] == path.name]


def send(
    server: Server, path: Path, port: int | None = None, url: str | None = None, **options: Any
) -> None:
    """Send a file with tuspy, going on after each problem as a browser would."""
    client = TusClient(server.address(port), headers=server.headers())
    started = time.monotonic()
    while time.monotonic() - started < 90:
        try:
            uploader = client.uploader(
                str(path), chunk_size=PART, url=url, metadata={"filename": path.name}, **options
            )
            url = uploader.url or url
            if url is None:
                uploader.set_url(uploader.create_url())
                url = uploader.url
            uploader.upload()
        except PROBLEMS:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it was never whole")


class CuttingProxy:
    """Passes bytes on to a server, and cuts each line after a random number of them.

    The first lines are cut within their first part, so that a file is never sent uncut.
    """

    def __init__(self, target: int, most: int) -> None:
        self.port, self.target, self.most, self.cuts = free_port(), target, most, 0
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        left = [random.randint(1, PART // 2 if self.cuts < SURE_CUTS else self.most)]
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as far:
            back = threading.Thread(target=self._answers, args=(far, client), daemon=True)
            back.start()
            while data := client.recv(16 * 1024):
                far.sendall(data[: left[0]])
                left[0] -= len(data)
                if left[0] <= 0:
                    self.cuts += 1
                    # Now and then the server hears nothing of it, as of a phone in a tunnel.
                    if self.cuts % 8:
                        far.shutdown(socket.SHUT_RDWR)
                    client.shutdown(socket.SHUT_RDWR)
                    break

    @staticmethod
    def _answers(far: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(16 * 1024):
                client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listener.close()


@pytest.mark.parametrize("checked", [False, True])
def test_an_independent_client(server: Server, file: Path, checked: bool) -> None:
    send(server, file, upload_checksum=checked)
    assert [version["sha256"] for version in stored(server, file)] == [digest_of(file)]


@pytest.mark.parametrize("checked", [False, True])
def test_a_line_that_is_cut_at_random_points(server: Server, file: Path, checked: bool) -> None:
    proxy = CuttingProxy(server.port, most=2 * PART)
    send(server, file, proxy.port, upload_checksum=checked)
    proxy.close()
    assert proxy.cuts >= SURE_CUTS
    time.sleep(1)  # the answer to the last part may have been cut: the server ends by itself
    assert [version["sha256"] for version in stored(server, file)] == [digest_of(file)]


def test_kill_9_in_the_middle(server: Server, file: Path) -> None:
    """Of the worker again and again, and of the whole server once."""
    killed: list[int] = []
    done = threading.Event()

    def killer() -> None:
        while not done.wait(random.uniform(0.2, 0.6)) and len(killed) < 5:
            for pid in server.workers():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
        if not done.is_set():
            server.kill()
            server.start()

    thread = threading.Thread(target=killer)
    thread.start()
    proxy = SlowProxy(server.port)
    try:
        send(server, file, proxy.port)
    finally:
        done.set()
        thread.join()
        proxy.close()
    assert len(killed) > 2
    time.sleep(1)
    assert [version["sha256"] for version in stored(server, file)] == [digest_of(file)]


class SlowProxy(CuttingProxy):
    """Passes bytes on at some 4 MB a second, so that there is a middle."""

    def __init__(self, target: int) -> None:
        super().__init__(target, most=2**62)

    def _pass_on(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as far:
            threading.Thread(target=self._answers, args=(far, client), daemon=True).start()
            while data := client.recv(16 * 1024):
                far.sendall(data)
                time.sleep(0.004)


def test_two_clients_on_one_upload(server: Server, file: Path) -> None:
    client = TusClient(server.address(), headers=server.headers())
    uploader = client.uploader(str(file), chunk_size=PART, metadata={"filename": file.name})
    url = uploader.create_url()
    threads = [threading.Thread(target=send, args=(server, file, None, url)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version["sha256"] for version in stored(server, file)] == [digest_of(file)]


def slow_part(server: Server, url: str, results: list[bytes]) -> None:
    """Announce a thousand bytes and send one of them each second."""
    path = url.split(str(server.port), 1)[1]
    said = {
        "Host": "127.0.0.1",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": "1000",
        **server.headers(),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode())
        line.settimeout(1)
        for _ in range(20):
            with suppress(OSError):
                line.sendall(b"x")
            try:
                results.append(line.recv(4096))
            except TimeoutError:
                continue
            except OSError:
                results.append(b"")
            return
    results.append(b"never")


def each_in_a_thread(act: Callable[..., None], calls: list[tuple[Any, ...]]) -> list[Any]:
    threads = [threading.Thread(target=act, args=call) for call in calls]
    for thread in threads:
        thread.start()
    return threads


def test_senders_of_one_byte_a_second_hold_up_nobody(server: Server, file: Path) -> None:
    client = TusClient(server.address(), headers=server.headers())
    uploader = client.uploader(str(file), metadata={"filename": file.name})
    urls = [uploader.create_url() for _ in range(10)]
    results: list[bytes] = []
    started = time.monotonic()
    threads = each_in_a_thread(slow_part, [(server, url, results) for url in urls])
    time.sleep(1)
    # Ten senders, eight threads: four of one person are let in, the others are told at once, that
    # they are too many or that this process has no room for more.
    before = time.monotonic()
    assert server.get("/healthz") == 200
    assert time.monotonic() - before < 2
    for thread in threads:
        thread.join()
    assert time.monotonic() - started < 15
    codes = sorted(result[9:12] for result in results)
    assert codes.count(b"423") + codes.count(b"503") == 6
    assert codes.count(b"204") == 4
    kept = [result for result in results if b" 204 " in result]
    assert all(b"upload-offset: 0" not in result.lower().split(b"\r\n") for result in kept)
