"""Changes to documents. Each is one transaction with its audit row and its signal."""

from coalitions.documents.services.adding import add_document, add_version
from coalitions.documents.services.details import Details, edit_details
from coalitions.documents.services.folders import (
    change_folder,
    make_folder,
    move_document,
)
from coalitions.documents.services.sharing import (
    NotOnLadder,
    mark_child_data,
    share_document,
    unmark_child_data,
)
from coalitions.documents.services.trashing import restore_document, trash_document

__all__ = [
    "Details",
    "NotOnLadder",
    "add_document",
    "add_version",
    "change_folder",
    "edit_details",
    "make_folder",
    "mark_child_data",
    "move_document",
    "restore_document",
    "share_document",
    "trash_document",
    "unmark_child_data",
]
