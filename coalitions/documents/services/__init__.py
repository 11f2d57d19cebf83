"""Changes to documents. Each is one transaction with its audit row and its signal."""

from coalitions.documents.services.adding import add_document, add_version
from coalitions.documents.services.details import Details, edit_details
from coalitions.documents.services.folders import (
    make_folder,
    move_document,
    move_folder,
    rename_folder,
)
from coalitions.documents.services.sharing import (
    NotOnLadder,
    mark_child_data,
    share_document,
    unmark_child_data,
)
from coalitions.documents.services.withdrawing import bring_back, withdraw_document

__all__ = [
    "Details",
    "NotOnLadder",
    "add_document",
    "add_version",
    "bring_back",
    "edit_details",
    "make_folder",
    "mark_child_data",
    "move_document",
    "move_folder",
    "rename_folder",
    "share_document",
    "unmark_child_data",
    "withdraw_document",
]
