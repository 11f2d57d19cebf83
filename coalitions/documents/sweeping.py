"""Removing what killed processes left behind.

Invariant: a file with a row, a file younger than YOUNG and an upload that is still arriving are
never touched; everything else is gone within the hour.
"""

import fcntl
import logging
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage
from django.utils import timezone

from coalitions.documents import copies
from coalitions.documents.images import image_folder
from coalitions.documents.models import DocumentVersion
from coalitions.documents.models.version import documents_storage
from coalitions.documents.sandbox import work_folder

logger = logging.getLogger(__name__)

# The sweep runs each quarter of an hour: 40 minutes and one round stay below the hour.
YOUNG = timedelta(minutes=40)
IMAGES_KEPT = timedelta(days=14)


def sweep() -> int:
    """Remove orphaned files, uploads without a request or an end, old work and page images."""
    # Services send this module's tasks.
    from coalitions.documents.uploads.sweeping import sweep_uploads

    removed = _sweep_storage(documents_storage())
    removed += _sweep_incoming(Path(settings.FILE_UPLOAD_TEMP_DIR))
    removed += sweep_uploads()
    removed += _sweep_copies(work_folder())
    removed += _sweep_folder(work_folder(), YOUNG)
    removed += _sweep_folder(image_folder(), IMAGES_KEPT)
    removed += _sweep_images(image_folder())
    if removed:
        logger.info("Swept %s files", removed)
    return removed


def _sweep_storage(storage: Storage) -> int:
    removed = 0
    oldest = timezone.now() - YOUNG
    for folder in _folders(storage):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        old = [name for name in names if _changed_before(storage, name, oldest)]
        kept = set(DocumentVersion.objects.filter(file__in=old).values_list("file", flat=True))
        for name in old:
            if name not in kept:
                storage.delete(name)
                removed += 1
    return removed


def _folders(storage: Storage) -> list[str]:
    try:
        return list(storage.listdir("")[0])
    except FileNotFoundError:  # nothing was ever stored
        return []


def _changed_before(storage: Storage, name: str, moment: datetime) -> bool:
    try:
        return bool(storage.get_modified_time(name) < moment)
    except OSError:  # moved into place or removed meanwhile
        return False


def _sweep_incoming(folder: Path) -> int:
    """Remove uploads that no living process holds (see the upload handler's lock)."""
    removed = 0
    for path in _files(folder):
        try:
            with path.open("rb+") as file:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                # A moment passes between making the file and locking it.
                if time.time() - path.stat().st_mtime > 60:
                    path.unlink()
                    removed += 1
        except OSError:  # held by a living request, or gone
            continue
    return removed


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_file())


def _sweep_folder(folder: Path, age: timedelta) -> int:
    """Remove entries of a private folder that were not changed for `age`."""
    removed = 0
    for path in list(folder.iterdir()):
        try:
            if time.time() - path.stat().st_mtime <= age.total_seconds():
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            removed += 1
        except OSError:
            continue
    return removed


def _sweep_copies(folder: Path) -> int:
    """Remove copies of far files that no version names: purged, or exchanged for others."""
    # The names are those of the storage, `ab/uuid`, with a hyphen (see copies.py).
    names = [path.name.removeprefix("kept-").replace("-", "/", 1) for path in folder.glob("kept-*")]
    known = set(DocumentVersion.objects.filter(file__in=names).values_list("file", flat=True))
    gone = [name for name in names if name not in known]
    for name in gone:
        copies.forget(name, folder)
    return len(gone)


def _sweep_images(folder: Path) -> int:
    """Remove the page images of versions that were deleted for good."""
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    uuids = DocumentVersion.objects.filter(uuid__in=[name for name in names if _is_uuid(name)])
    kept = {str(uuid) for uuid in uuids.values_list("uuid", flat=True)}
    gone = [name for name in names if _is_uuid(name) and name not in kept]
    for name in gone:
        shutil.rmtree(folder / name, ignore_errors=True)
    return len(gone)


def _is_uuid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
