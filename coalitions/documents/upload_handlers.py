"""Uploads are streamed to disk, never held in memory, and cut off at the limit.

Invariant: a stranger's file is read past and kept nowhere. While a request is alive its temporary
files are locked (flock), so that a sweep can tell what a killed process left behind from what is
still arriving.
"""

import fcntl
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)

from coalitions.crash_points import reached
from coalitions.documents.full import disk_has_room, is_full


class LimitedTemporaryFileUploadHandler(TemporaryFileUploadHandler):
    """Skips each file larger than DOCUMENT_MAX_BYTES, those after the DOCUMENT_MAX_FILES-th, and
    those for which the disk has no room.

    The request then lists them in `refused_uploads` as (field, name, code), so that the form can
    explain; everything else that was sent arrives as usual.
    """

    files_seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        if self._from_a_stranger():
            # The body is read before any view is asked: without this anybody fills the disk.
            raise SkipFile
        # Django puts the name's ending into the temporary name, and fails when that is too long.
        self.file = TemporaryUploadedFile(
            "file", self.content_type or "", 0, self.charset, self.content_type_extra
        )
        self.file.name = self.file_name
        self.received = 0
        self.files_seen += 1
        fcntl.flock(self.file.fileno(), fcntl.LOCK_EX)
        if self.files_seen > settings.DOCUMENT_MAX_FILES:
            self._skip("too-many")
        if not disk_has_room(Path(settings.FILE_UPLOAD_TEMP_DIR), 0):
            self._skip("disk")
        reached("upload.receiving-begins")

    def _from_a_stranger(self) -> bool:
        user = getattr(self.request, "user", None)
        return user is not None and not user.is_authenticated

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Return the file; None where its last bytes find no room."""
        try:
            return super().file_complete(file_size)
        except OSError as error:
            if not is_full(error):
                raise
            self._refuse("disk")
            return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.DOCUMENT_MAX_BYTES:
            self._skip("too-large")
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            if not is_full(error):
                raise
            self._skip("disk")
        reached("upload.chunk-received")

    def _skip(self, code: str) -> None:
        self._refuse(code)
        raise SkipFile

    def _refuse(self, code: str) -> None:
        if self.request is not None:
            refused = getattr(self.request, "refused_uploads", [])
            refused.append((self.field_name, self.file_name, code))
            self.request.refused_uploads = refused  # type: ignore[attr-defined]


def refused_uploads(request: Any, field: str) -> list[tuple[str, str]]:
    """Return (file name, refusal code) of what the handler did not take from `field`."""
    refused: list[tuple[str, str, str]] = getattr(request, "refused_uploads", [])
    return [(name or "", code) for sent_as, name, code in refused if sent_as == field]
