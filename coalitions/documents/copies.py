"""Copies of stored files on this machine, where the storage is another one.

Invariant: a copy is complete or not there; together they take `KEPT_BYTES` at most; one that is
being read stays until then, also when it is given up meanwhile.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.files.storage import Storage

KEPT_BYTES = 1024 * 1024 * 1024


def is_kept(name: str, folder: Path) -> bool:
    """Whether there is a copy of this file."""
    return _place(name, folder).exists()


@contextmanager
def copy_of(name: str, storage: Storage, folder: Path) -> Iterator[Path]:
    """Give a copy of the file as a path, that of an earlier time where there is one."""
    place = _place(name, folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix="copy-") as own:
        copy = Path(own) / "file"
        try:
            # A name of our own for the same file: who makes room takes away the other one alone.
            copy.hardlink_to(place)
            os.utime(copy)
        except OSError:
            _fetch(name, storage, copy)
            _keep(copy, place)
        yield copy


def forget(name: str, folder: Path) -> None:
    """Remove the copy of a file that is gone for good."""
    _place(name, folder).unlink(missing_ok=True)


def _place(name: str, folder: Path) -> Path:
    return folder / f"kept-{name.replace('/', '-')}"


def _fetch(name: str, storage: Storage, copy: Path) -> None:
    copy.touch(0o600)
    with storage.open(name) as file, copy.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


def _keep(copy: Path, place: Path) -> None:
    with suppress(OSError):  # another process was faster, or names cannot be shared here
        place.hardlink_to(copy)
    kept = []
    for other in place.parent.glob("kept-*"):
        with suppress(OSError):
            kept.append((other.stat().st_mtime, other.stat().st_size, other))
    room = KEPT_BYTES
    for _, size, other in sorted(kept, reverse=True):
        room -= size
        if room < 0:
            other.unlink(missing_ok=True)
