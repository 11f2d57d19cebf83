"""Several long-running processes as one: started together, read together, stopped together.

Invariant: when `run` returns, none of the processes is alive any more, however it came to return.
Each child leads a process group of its own, so that a Ctrl-C in the terminal reaches the supervisor
alone, and is told by the kernel to end should the supervisor be killed outright.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

PATIENCE_S = 10.0
TICK_S = 0.2
LOOK_AGAIN_S = 0.5


@dataclass
class Child:
    """One process and what it has said that does not end in a line break yet."""

    name: str
    process: subprocess.Popen[bytes]
    unfinished: bytes = b""


@dataclass
class Supervisor:
    """Runs named commands until one of them ends or somebody asks for the end."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def __post_init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._hurry = False

    def listen_to_signals(self) -> None:
        """Let SIGINT and SIGTERM ask for the end; the second time, for an end at once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._hurry = self.stopping
        self.stopping = True

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start `command`; its lines appear under `name`."""
        process = subprocess.Popen(  # noqa: S603
            [*_end_with_parent(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        child = Child(name, process)
        if process.stdout is not None:
            os.set_blocking(process.stdout.fileno(), False)
            self._selector.register(process.stdout, selectors.EVENT_READ, child)
        self.children.append(child)
        return child

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Pass on output until `is_ready`, a child's end, a request to stop, or too long a wait."""
        deadline = time.monotonic() + seconds
        next_look = time.monotonic()
        while time.monotonic() < deadline and not self.stopping and self.ended() is None:
            self._pass_on_output()
            if time.monotonic() >= next_look:
                if is_ready():
                    return True
                next_look = time.monotonic() + LOOK_AGAIN_S
        return False

    def ended(self) -> Child | None:
        """Return the first child that has ended, if one has."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def run(self) -> int:
        """Watch until the end is asked for or a child ends; stop all; return an exit code."""
        try:
            while not self.stopping and self.ended() is None:
                self._pass_on_output()
        finally:
            ended = self.ended()
            if ended is not None and not self.stopping:
                self._pass_on_output()
                self.say(f"{ended.name} ended by itself (code {ended.process.returncode}).")
            self.stop_all()
        return 0 if self.stopping and ended is None else 1

    def stop_all(self) -> None:
        """Ask every child to end, wait, and end what has not, with all that it started."""
        for child in self._alive():
            # The leaders alone: they let their own children finish what they are at.
            child.process.terminate()
        deadline = time.monotonic() + PATIENCE_S
        while self._alive() and time.monotonic() < deadline and not self._hurry:
            self._pass_on_output()
        for child in self.children:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
        for child in self.children:
            child.process.wait()

    def _alive(self) -> list[Child]:
        return [child for child in self.children if child.process.poll() is None]

    def _pass_on_output(self) -> None:
        if not self._selector.get_map():
            time.sleep(TICK_S)
            return
        for key, _events in self._selector.select(timeout=TICK_S):
            child: Child = key.data
            chunk = os.read(key.fd, 65_536)
            if not chunk:
                self._selector.unregister(key.fileobj)
            *lines, child.unfinished = (child.unfinished + chunk).split(b"\n")
            if not chunk and child.unfinished:
                lines.append(child.unfinished)
                child.unfinished = b""
            for line in lines:
                if line.strip():
                    self.say(f"{child.name:>9} │ {line.decode(errors='replace').rstrip()}")


def _end_with_parent() -> list[str]:
    """Return the words that make the kernel end a child when its parent is killed, if known."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
