"""A small stand-in for clamd: speaks PING and INSTREAM, finds the EICAR test file.

`mode`: "answers", "hangs" (reads and is silent), "broods" (so only over files),
"drops" (hangs up half-way), "stumbles" (an error of its own). `limit`: its
StreamMaxLength. It counts what it was asked.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

# The test file of EICAR, in two parts so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test-Signature"


@dataclass
class StandIn:
    """A scanner that listens."""

    url: str
    mode: str = "answers"
    limit: int = 10**9
    signature: bytes = EICAR
    scanned: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            command = self._line(connection)
            if self.mode == "hangs":
                self.over.wait(10)
            elif command == "PING":
                connection.sendall(b"PONG\0")
            elif command == "INSTREAM" and self.mode == "broods":
                self.over.wait(10)
            elif command == "INSTREAM":
                connection.sendall(self._verdict(connection) + b"\0")

    def _line(self, connection: socket.socket) -> str:
        line = b""
        while not line.endswith(b"\0"):
            if not (byte := connection.recv(1)):
                raise ConnectionError
            line += byte
        return line[:-1].removeprefix(b"z").decode()

    def _verdict(self, connection: socket.socket) -> bytes:
        data = b""
        while size := struct.unpack("!L", self._exactly(connection, 4))[0]:
            data += self._exactly(connection, size)
            if self.mode == "drops":
                raise ConnectionError
            if len(data) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.scanned.append(len(data))
        if self.mode == "stumbles":
            return b"stream: Can't allocate memory ERROR"
        found = self.signature and self.signature in data
        return f"stream: {FOUND} FOUND".encode() if found else b"stream: OK"

    def _exactly(self, connection: socket.socket, size: int) -> bytes:
        data = b""
        while len(data) < size:
            if not (more := connection.recv(size - len(data))):
                raise ConnectionError
            data += more
        return data


@contextmanager
def standing_in(path: Path | None = None) -> Iterator[StandIn]:
    """Run one on a loopback port, or on a socket at `path`."""
    family = socket.AF_UNIX if path else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind(str(path) if path else ("127.0.0.1", 0))
        server.listen(20)
        port = "" if path else server.getsockname()[1]
        scanner = StandIn(f"unix://{path}" if path else f"tcp://127.0.0.1:{port}")

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=scanner.talk, args=[connection], daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield scanner
        finally:
            scanner.over.set()
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
