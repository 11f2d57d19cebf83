"""Pictures on their way in: stored without what the camera wrote into them.

Invariant: whoever examines a picture sees, measures and stores the stripped one; the original is
kept nowhere. The walk is in plain Python and takes bounded steps, so it needs no process apart.
"""

import tempfile
from typing import Any

from django.core.files.base import File

from coalitions.documents.media_types import MediaKind
from coalitions.documents.refusals import FileRefused
from coalitions.documents.sandbox import work_folder
from coalitions.documents.stripping import STRIPPED, Damaged, strip


def without_camera_data(content: "File[Any]", kind: MediaKind) -> "File[Any]":
    """Return `content`, or for a picture a copy that holds nothing but what draws it.

    Raises FileRefused for a picture that is too damaged to be looked through.
    """
    if kind.media_type not in STRIPPED:
        return content
    # Without a name on the disk, so that nothing of it is left by a process that is killed.
    copy = tempfile.TemporaryFile(dir=work_folder(), prefix="picture-")  # noqa: SIM115 - returned
    try:
        strip(kind.media_type, content.file or content, copy)
    except Damaged as error:
        copy.close()
        raise FileRefused("picture") from error
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return File(copy, content.name)
