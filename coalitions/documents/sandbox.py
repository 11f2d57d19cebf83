"""Runs `coalitions.documents.reading` as a process of its own and takes its result.

Invariant: the process gets no secret, no database and no terminal; it is ended with its children
when its time is up; whatever happened, the caller gets a result or a reason.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings

from coalitions.documents import copies
from coalitions.documents.checked import let_open
from coalitions.documents.models import DocumentVersion
from coalitions.documents.reading import limits


class StorageMisses(Exception):
    """A version's file is not in the storage."""


class StorageAway(OSError):
    """The storage does not answer."""


def work_folder() -> Path:
    """Return the private folder for what lives during one reading."""
    folder = Path(settings.VAR_DIR) / "reading"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def local_file(version: DocumentVersion) -> Iterator[Path]:
    """Give the version's file as a path: itself where the storage is local, else a copy.

    Raises FileClosed: what was not found clean is not read, however it came here.
    """
    let_open(version)
    storage, name = version.file.storage, version.file.name or ""
    with ExitStack() as held:
        try:
            if not storage.exists(name):
                raise StorageMisses(name)
            path = _path_of(version)
            if path is None:
                path = held.enter_context(copies.copy_of(name, storage, work_folder()))
        except (StorageMisses, OSError):
            raise
        except Exception as error:  # a library's own, about a storage that does not answer
            raise StorageAway(name) from error
        yield path


def is_near(version: DocumentVersion) -> bool:
    """Whether the version's file can be read without fetching it first."""
    return _path_of(version) is not None or copies.is_kept(version.file.name or "", work_folder())


def _path_of(version: DocumentVersion) -> Path | None:
    try:
        return Path(version.file.storage.path(version.file.name or ""))
    except NotImplementedError:
        return None


def run(what: str, family: str, media_type: str, source: Path, *rest: str) -> dict[str, Any]:
    """Return what the reading process answered, or {"reason": code}."""
    with tempfile.TemporaryDirectory(dir=work_folder(), prefix="run-") as folder:
        answer = Path(folder) / "answer.json"
        command = [
            sys.executable, "-s", "-m", "coalitions.documents.reading",
            what, family, media_type, str(source), *rest, str(answer),
        ]  # fmt: skip
        code = _wait(command, folder, limits.wall_seconds(what))
        try:
            result: dict[str, Any] = json.loads(answer.read_bytes())
        except (OSError, ValueError):
            return {"reason": _reason(code)}
        return result


def _wait(command: list[str], folder: str, seconds: int) -> int | None:
    """Run the command; return its exit code, None when it took much longer than `seconds`."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        command,
        cwd=settings.BASE_DIR,
        env={
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TMPDIR": folder,
            "OPENBLAS_NUM_THREADS": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(timeout=seconds + 5)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _reason(code: int | None) -> str:
    if code is None or -code in {signal.SIGALRM, signal.SIGXCPU}:
        return "too-slow"
    if -code == signal.SIGXFSZ:
        return "too-large"
    return "crashed"
