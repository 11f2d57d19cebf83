"""Private file storage that survives a power cut: written aside, flushed, then moved into place.

Invariant: a name in the storage is a complete file. What a killed process leaves behind has the
suffix `.partial` or no row, and is swept within the hour.
"""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from coalitions.crash_points import reached

PARTIAL = ".partial"


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` durable (fsync of the directory, POSIX)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class DurableFileSystemStorage(FileSystemStorage):
    """FileSystemStorage that never shows a half-written file; it gives no addresses."""

    def _save(self, name: str, content: "File[Any]") -> str:
        target = Path(self.path(name))
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            flush_folder(target.parent.parent)
        partial = target.with_name(target.name + PARTIAL)
        if not self._take_over(content, partial):
            with partial.open("wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                    reached("storage.chunk-written")
                out.flush()
                os.fsync(out.fileno())
        reached("storage.flushed")
        partial.chmod(0o640)
        partial.rename(target)
        reached("storage.moved")
        flush_folder(target.parent)
        return name

    def _take_over(self, content: "File[Any]", partial: Path) -> bool:
        """Move an upload's temporary file instead of copying it, where that can be done.

        Its time of change becomes now: the sweep must not take it for something left behind.
        """
        source = getattr(content, "temporary_file_path", None)
        if source is None:
            return False
        path = Path(source())
        content.seek(0)  # writes out what is still buffered
        try:
            with path.open("rb+") as file:
                file.flush()
                os.fsync(file.fileno())
            os.utime(path)
            reached("storage.upload-flushed")
            path.rename(partial)
        except OSError:  # on another file system, or not ours: copy
            return False
        return True

    def url(self, name: str | None) -> str:
        """Refuse: files are answered by `downloads.py` alone."""
        raise ValueError("Workspace files have no address of their own.")
