"""Ending uploads that nobody comes back for, and those whose end was prevented by a kill.

Invariant: what somebody writes at this moment is left alone; what came whole becomes a document
only by the rights that its sender has now.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.models import ResumableUpload
from coalitions.documents.refusals import FileRefused
from coalitions.documents.uploads.parts import Held, held, parts_folder

# A client that was cut off while its last part was looked at comes back sooner than this.
LEFT_ALONE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def sweep_uploads() -> int:
    """Remove uploads that have expired and bytes without a row; finish what came whole."""
    removed = 0
    for upload in ResumableUpload.objects.filter(expires__lte=timezone.now()):
        with suppress(Held), held(upload.uuid) as part:
            services.give_up_upload(upload=upload, part=part)
            removed += 1
    for path in list(parts_folder().iterdir()):
        if path.is_file() and _is_old(path):
            removed += _ended(path)
    return removed


def _ended(path: Path) -> int:
    """End one upload; what goes wrong with it does not keep the others waiting."""
    try:
        return _end(path)
    except Exception:
        logger.exception("An upload could not be ended")
        return 0


def _is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > LEFT_ALONE.total_seconds()
    return False


def _end(path: Path) -> int:
    """Finish the upload whose bytes these are, or remove what belongs to none; count the latter."""
    try:
        uuid = UUID(path.name.split(".", 1)[0])
    except ValueError:
        path.unlink(missing_ok=True)
        return 1
    upload = ResumableUpload.objects.filter(uuid=uuid).first()
    if upload is None:
        path.unlink(missing_ok=True)
        return 1
    with suppress(Held), held(uuid) as part:
        if part.size == upload.length or upload.state != ResumableUpload.State.SENDING:
            # Without room it stays as it is: the next round looks again.
            with suppress(NotAllowed, FileRefused, services.UploadOver):
                services.finish_upload(acting_user=upload.person, upload=upload, part=part)
    return 0
