"""An Elasticsearch server of a test's own, to be killed, frozen and started again.

It uses the program that .ci/services/start installed, with data, settings and port of its own.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

HOME = Path(
    os.environ.get("SERVICES_HOME", "/var/lib/portal-services"),
    f"elasticsearch-{os.environ.get('ES_VERSION', '8.19.8')}",
)
PATIENCE_S = 240.0
_SETTINGS = """
cluster.name: faults
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
discovery.type: single-node
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
path.data: {folder}/data
path.logs: {folder}/logs
"""


def is_installed() -> bool:
    """Whether this machine has the program, and the right to start it."""
    return (HOME / "bin/elasticsearch").exists() and os.geteuid() == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Node:
    """One server. `kill`, `freeze` and `thaw` act on the server itself, not on its launcher."""

    def __init__(self) -> None:
        # Not one of pytest's folders: other runs sweep those, and root alone may enter them.
        folder = Path(tempfile.mkdtemp(prefix="portal-test-node-"))
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        shutil.copytree(HOME / "config", folder / "config")
        described = _SETTINGS.format(port=self.port, transport=free_port(), folder=folder)
        (folder / "config/elasticsearch.yml").write_text(described)
        (folder / "config/jvm.options.d/heap.options").write_text("-Xms384m\n-Xmx384m\n")
        subprocess.run(["chown", "-R", "elasticsearch:", str(folder)], check=True)

    def start(self) -> None:
        """Start it and wait until it answers."""
        java = Path(shutil.which("java") or "java").resolve()
        (self.folder / "es.pid").unlink(missing_ok=True)
        with (self.folder / "node.log").open("ab") as log:
            self._launcher = subprocess.Popen(
                [
                    *("runuser", "-u", "elasticsearch", "--"),
                    *(str(HOME / "bin/elasticsearch"), "-p", str(self.folder / "es.pid")),
                ],
                env={
                    "PATH": os.environ["PATH"],
                    "ES_PATH_CONF": str(self.folder / "config"),
                    "ES_JAVA_HOME": str(java.parent.parent),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            with suppress(OSError):
                self.call("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
                return
            time.sleep(0.3)
        raise AssertionError((self.folder / "node.log").read_text()[-2000:])

    def call(self, method: str, path: str, body: str = "") -> str:
        request = Request(  # noqa: S310 - our own server
            self.url + path,
            method=method,
            data=body.encode() or None,
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            return str(answer.read().decode())

    def _signal(self, number: int) -> None:
        os.kill(int((self.folder / "es.pid").read_text()), number)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._launcher.wait(timeout=30)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, in whatever state it is."""
        with suppress(OSError, ValueError):
            self.thaw()
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Proxy:
    """A way to the server that can be told to break.

    `mode`: "pass", "reset" (a connection ends as soon as it is made) or "half" (the answer's
    first bytes come, then the end).
    """

    def __init__(self, port: int) -> None:
        self.target, self.port, self.mode = port, free_port(), "pass"
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        start = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        server = self._loop.run_until_complete(start)
        ready.set()
        self._loop.run_forever()
        server.close()

    def break_now(self, mode: str) -> None:
        """Change the mode and reset every connection that is open."""
        self.mode = mode

        def reset() -> None:
            for writer in list(self._writers):
                _reset(writer)

        self._loop.call_soon_threadsafe(reset)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self.mode == "reset":
                _reset(writer)
                return
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(self._copy(reader, back), self._copy(there, writer, answer=True))
        except OSError:
            return
        finally:
            self._writers.discard(writer)

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answer: bool = False
    ) -> None:
        while data := await reader.read(65536):
            if answer and self.mode == "half":
                writer.write(data[:20])
                await writer.drain()
                _reset(writer)
                return
            writer.write(data)
            await writer.drain()
        writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that the other side sees a reset, not an end."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
