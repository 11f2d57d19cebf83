"""The supervisor: what it starts it reads, and what it started it ends, whatever happens."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from portal.home import supervisor
from portal.home.supervisor import Supervisor

PYTHON = sys.executable
SLEEP = [PYTHON, "-c", "import time; time.sleep(60)"]


def is_alive(pid: int) -> bool:
    try:
        with Path(f"/proc/{pid}/stat").open() as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition, seconds: float = 10) -> bool:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_lines_carry_the_name_of_their_process() -> None:
    said: list[str] = []
    together = Supervisor(say=said.append)
    together.start("web", [PYTHON, "-c", "print('one'); print('two', end='')"])
    assert together.run() == 1
    assert said[:2] == ["      web │ one", "      web │ two"]
    assert said[-1] == "web ended by itself (code 0)."


def test_the_end_of_one_is_the_end_of_all() -> None:
    together = Supervisor(say=lambda line: None)
    lasting = together.start("worker", SLEEP)
    together.start("web", [PYTHON, "-c", "raise SystemExit(3)"])
    assert together.run() == 1
    assert lasting.process.poll() is not None


def test_a_request_to_stop_is_no_failure() -> None:
    together = Supervisor(say=lambda line: None)
    lasting = together.start("worker", SLEEP)
    together.stopping = True
    assert together.run() == 0
    assert lasting.process.poll() is not None


def test_the_deaf_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE_S", 0.5)
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(60)"
    )
    said: list[str] = []
    together = Supervisor(say=said.append)
    deaf = together.start("worker", [PYTHON, "-c", program])
    assert together.wait_until(lambda: bool(said), seconds=10)
    together.stop_all()
    assert deaf.process.returncode == -signal.SIGKILL


def test_grandchildren_are_ended_too() -> None:
    program = f"import subprocess, time; p = subprocess.Popen({SLEEP!r});" + (
        "print(p.pid, flush=True); time.sleep(60)"
    )
    said: list[str] = []
    together = Supervisor(say=said.append)
    together.start("worker", [PYTHON, "-c", program])
    assert together.wait_until(lambda: bool(said), seconds=10)
    grandchild = int(said[0].split("│")[1])
    together.stop_all()
    assert eventually(lambda: not is_alive(grandchild))


def test_waiting_ends_with_the_process() -> None:
    together = Supervisor(say=lambda line: None)
    together.start("web", [PYTHON, "-c", ""])
    started = time.monotonic()
    assert not together.wait_until(lambda: False, seconds=30)
    assert time.monotonic() - started < 20
    together.stop_all()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_orphaned(tmp_path: Path, number: signal.Signals) -> None:
    """SIGKILL too, where the system has setpriv: the kernel then tells the children."""
    program = textwrap.dedent(
        f"""
        import sys
        from portal.home.supervisor import Supervisor
        together = Supervisor(say=lambda line: None)
        together.listen_to_signals()
        child = together.start("worker", {SLEEP!r})
        print(child.process.pid, flush=True)
        sys.exit(together.run())
        """
    )
    parent = subprocess.Popen(
        [PYTHON, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(supervisor.__file__).parents[2],
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    # The child must have come as far as the program itself, past setpriv.
    assert eventually(lambda: b"time.sleep" in Path(f"/proc/{child}/cmdline").read_bytes()[:200])
    time.sleep(0.3)
    os.kill(parent.pid, number)
    code = parent.wait(timeout=20)
    assert code == (-number if number == signal.SIGKILL else 0)
    assert eventually(lambda: not is_alive(child))
    parent.stdout.close()
