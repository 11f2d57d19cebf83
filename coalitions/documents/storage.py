"""Private file storage that survives a power cut: written aside, flushed, then moved into place.

Invariant: a name in the storage is a complete file. What a killed process leaves behind has the
suffix `.partial` or no row, and is swept after an hour.
"""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


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
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        with partial.open("wb") as out:
            for chunk in content.chunks():
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        partial.chmod(0o640)
        partial.rename(target)
        flush_folder(target.parent)
        return name

    def url(self, name: str | None) -> str:
        """Refuse: files are answered by `downloads.py` alone."""
        raise ValueError("Workspace files have no address of their own.")
