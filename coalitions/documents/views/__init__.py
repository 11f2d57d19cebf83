"""Pages about documents. They find through `visible_to`, change through services, answer files
through `downloads.py`."""

from coalitions.documents.views.changing import child_data, edit, share
from coalitions.documents.views.files import download, image
from coalitions.documents.views.folders import (
    change_folder,
    folder,
    move,
    new_folder,
    workspace,
)
from coalitions.documents.views.libraries import coalition_library, network_library, public_library
from coalitions.documents.views.lists import downloads, mine
from coalitions.documents.views.reading import document, version
from coalitions.documents.views.trashing import restore_document, trash, trash_document
from coalitions.documents.views.uploading import new_version, upload

__all__ = [
    "change_folder",
    "child_data",
    "coalition_library",
    "document",
    "download",
    "downloads",
    "edit",
    "folder",
    "image",
    "mine",
    "move",
    "network_library",
    "new_folder",
    "new_version",
    "public_library",
    "restore_document",
    "share",
    "trash",
    "trash_document",
    "upload",
    "version",
    "workspace",
]
