"""Changes to documents. Each is one transaction with its audit row and its signal."""

from coalitions.documents.services.adding import add_document, add_version
from coalitions.documents.services.details import Details, edit_details
from coalitions.documents.services.folders import (
    change_folder,
    make_folder,
    move_document,
)
from coalitions.documents.services.reserving import (
    DocumentReserved,
    ReservedMeanwhile,
    lift_reservation,
    reserve_document,
)
from coalitions.documents.services.restoring import VersionRefused, restore_version
from coalitions.documents.services.sharing import (
    NotOnLadder,
    mark_child_data,
    share_document,
    unmark_child_data,
)
from coalitions.documents.services.trashing import restore_document, trash_document

__all__ = [
    "Details",
    "DocumentReserved",
    "NotOnLadder",
    "ReservedMeanwhile",
    "VersionRefused",
    "add_document",
    "add_version",
    "change_folder",
    "edit_details",
    "lift_reservation",
    "make_folder",
    "mark_child_data",
    "move_document",
    "reserve_document",
    "restore_document",
    "restore_version",
    "share_document",
    "trash_document",
    "unmark_child_data",
]
