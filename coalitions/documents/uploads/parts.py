"""The bytes of unfinished uploads: one file each, in a private folder under VAR_DIR.

Invariant: whoever reads its size or writes holds its lock, in one process of all; what a client was
told is on the disk; bytes whose checksum was not yet found right are cut off again, also after
the process was killed. One machine's web processes share the folder.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.base import File

from coalitions.crash_points import reached
from coalitions.documents.storage import flush_folder
from coalitions.documents.uploads.protocol import Checksum

AT_ONCE: Final = 4
_UNCHECKED: Final = ".unchecked"
_LINK: Final = ".finishing"


class Held(Exception):
    """Somebody else writes this upload, or this person writes too many, at this moment."""


class NoRoom(Exception):
    """The disk is full; what was written before stays."""


class WrongChecksum(Exception):
    """The bytes of this part are not those that were sent; they were cut off again."""


def parts_folder() -> Path:
    """Return the private folder of unfinished uploads, made where it is not there."""
    folder = Path(settings.VAR_DIR) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class Part:
    """The file of one upload, locked while it is held."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._marker = path.with_name(path.name + _UNCHECKED)
        self._cut_off_unchecked()

    @property
    def size(self) -> int:
        """How many bytes are there."""
        return os.fstat(self._descriptor).st_size

    def append(self, chunks: Iterable[bytes], check: Checksum | None = None) -> int:
        """Write the chunks behind what is there, flush them, and return the size then.

        Raises NoRoom, and WrongChecksum; after the latter nothing of the part is left.
        """
        before, digest = self.size, check.begin() if check else None
        if check:
            self._mark(before)
        os.lseek(self._descriptor, before, os.SEEK_SET)
        try:
            for chunk in chunks:
                self._write(chunk)
                if digest is not None:
                    digest.update(chunk)
                reached("uploads.chunk-written")
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom from error
            raise
        finally:
            os.fsync(self._descriptor)
        if check and digest is not None:
            if digest.digest() != check.digest:
                self._cut_off_unchecked()
                raise WrongChecksum
            self._marker.unlink(missing_ok=True)
        reached("uploads.part-flushed")
        return self.size

    def remove(self) -> None:
        """Remove the file; only its holder may."""
        self.path.unlink(missing_ok=True)
        self._marker.unlink(missing_ok=True)

    @contextmanager
    def content(self, name: str) -> Iterator[File[Any]]:
        """Open the whole file for storing it.

        A second name of the same bytes is offered, which the storage may move into place: the
        file itself stays until the row of its document is committed.
        """
        link = self.path.with_name(self.path.name + _LINK)
        link.unlink(missing_ok=True)
        with self.path.open("rb") as file:
            content: File[Any] = File(file, name)
            with suppress(OSError):  # no second names on this file system: then it is copied
                os.link(self.path, link)
                content.temporary_file_path = lambda: str(link)  # type: ignore[attr-defined]
            try:
                yield content
            finally:
                link.unlink(missing_ok=True)

    def _write(self, chunk: bytes) -> None:
        left = memoryview(chunk)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def _mark(self, size: int) -> None:
        with self._marker.open("w") as marker:
            marker.write(str(size))
            marker.flush()
            os.fsync(marker.fileno())
        flush_folder(self._marker.parent)

    def _cut_off_unchecked(self) -> None:
        with suppress(FileNotFoundError):
            marked = self._marker.read_text()
            if marked.isdigit() and int(marked) < self.size:
                os.ftruncate(self._descriptor, int(marked))
                os.fsync(self._descriptor)
            self._marker.unlink()


@contextmanager
def held(uuid: UUID) -> Iterator[Part]:
    """Lock the file of an upload, made where it is not there. Raises Held, never waits."""
    path = parts_folder() / str(uuid)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor)
        if not _is_still(path, descriptor):
            raise Held
        yield Part(path, descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def slot(person: int) -> Iterator[None]:
    """Take one of the few places in which one person may send at a time. Raises Held."""
    folder = parts_folder() / "slots"
    folder.mkdir(mode=0o700, exist_ok=True)
    for place in range(AT_ONCE):
        descriptor = os.open(
            folder / f"{person}.{place}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            try:
                _lock(descriptor)
            except Held:
                continue
            yield
            return
        finally:
            os.close(descriptor)
    raise Held


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Held from None


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file was not removed between its opening and its locking."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
