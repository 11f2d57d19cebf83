"""That there is no room for a file, said with figures to those who look after the room alone.

Invariant: whoever only contributes learns that a file does not fit, and whom to ask; no number.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.documents.refusals import FileRefused
from coalitions.network.models import Workspace

if TYPE_CHECKING:
    from coalitions.documents.space import Fill, Place

# The status of HTTP: what is sent is kept or can be sent again later.
NO_ROOM: Final = 507
TOO_LARGE: Final = 413
UNFIT: Final = 422
_WORDS: dict[str, str | Promise] = {
    "workspace": _(
        "The space of this workspace is used up: this file does not fit any more. Ask its "
        "coordinators."
    ),
    "workspace-figures": _(
        "This file of %(size)s does not fit: %(left)s of this workspace's %(limit)s are left. "
        "Deleting for good what is in its trash frees space; or ask a secretariat for more."
    ),
    "organisation": _(
        "The space of the organisation that it belongs to is used up: this file does not fit any "
        "more. Ask its administrators."
    ),
    "organisation-figures": _(
        "This file of %(size)s does not fit: %(left)s of your organisation's %(limit)s are left. "
        "Deleting for good what is in the trash frees space; or ask a secretariat for more."
    ),
    "workspace-batch": _(
        "There is not enough space in this workspace for all of these files. Choose fewer, or ask "
        "its coordinators."
    ),
    "workspace-batch-figures": _(
        "These files have %(size)s together, and %(left)s of this workspace's %(limit)s are left. "
        "Choose fewer, or ask a secretariat for more space."
    ),
    "organisation-batch": _(
        "Your organisation has not enough space for all of these files. Choose fewer, or ask its "
        "administrators."
    ),
    "organisation-batch-figures": _(
        "These files have %(size)s together, and %(left)s of your organisation's %(limit)s are "
        "left. Choose fewer, or ask a secretariat for more space."
    ),
}


class SpaceRefused(FileRefused):
    """A file for which a workspace or an organisation has no room; `fill` for who sees figures."""

    WORDS = _WORDS

    def __init__(self, place: Place, size: int, fill: Fill | None, *, batch: bool = False) -> None:
        kind = "workspace" if isinstance(place, Workspace) else "organisation"
        super().__init__(kind + ("-batch" if batch else "") + ("-figures" if fill else ""))
        self.size = size
        self.fill = fill

    @property
    def facts(self) -> Mapping[str, object]:
        """The figures, for those who see them."""
        if self.fill is None:
            return {}
        return {
            "size": filesizeformat(self.size),
            "left": filesizeformat(self.fill.left),
            "limit": filesizeformat(self.fill.limit),
        }


def status_of(refused: FileRefused) -> int:
    """Return the status of HTTP that says the same: too large, no room, or not taken."""
    if isinstance(refused, SpaceRefused) or refused.code == "disk":
        return NO_ROOM
    return TOO_LARGE if refused.code == "too-large" else UNFIT


def disk_has_room(folder: Path, length: int) -> bool:
    """Return whether so many bytes can come there with the reserve left free."""
    return shutil.disk_usage(folder).free >= length + settings.UPLOAD_DISK_RESERVE


def is_full(error: OSError) -> bool:
    """Return whether a file could not be written because there is no room."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Raise FileRefused where a file is not written because the disk is full."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise FileRefused("disk") from error
        raise
