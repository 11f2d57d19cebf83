"""Changes to documents. Each is one transaction with its audit row and its signal."""

from coalitions.documents.services.adding import add_document, add_version
from coalitions.documents.services.deleting import delete_for_good
from coalitions.documents.services.details import Details, add_details, edit_details
from coalitions.documents.services.folders import (
    change_folder,
    make_folder,
    move_document,
)
from coalitions.documents.services.leaving import PlanChanged, leave_coalition
from coalitions.documents.services.lifting import (
    LiftRefused,
    confirm_lift,
    propose_lift,
    refuse_lift,
)
from coalitions.documents.services.opening_versions import (
    NotOfChildData,
    let_others_add_versions,
)
from coalitions.documents.services.removing_authors import remove_authors
from coalitions.documents.services.requests import (
    RequestRefused,
    ask_to_share,
    grant_request,
    refuse_request,
    withdraw_request,
)
from coalitions.documents.services.reserving import (
    DocumentReserved,
    ReservedMeanwhile,
    lift_reservation,
    reserve_document,
)
from coalitions.documents.services.restoring import VersionRefused, restore_version
from coalitions.documents.services.resuming import (
    Chosen,
    TooManyUploads,
    UploadOver,
    begin_upload,
    finish_upload,
    give_up_upload,
    note_progress,
)
from coalitions.documents.services.sharing import (
    NotOnLadder,
    WrongEnd,
    mark_child_data,
    share_document,
)
from coalitions.documents.services.space import let_fit, set_limit
from coalitions.documents.services.tagging import change_themes
from coalitions.documents.services.trashing import restore_document, trash_document
from coalitions.documents.services.trashing_folders import restore_folder, trash_folder

__all__ = [
    "Chosen",
    "Details",
    "DocumentReserved",
    "LiftRefused",
    "NotOfChildData",
    "NotOnLadder",
    "PlanChanged",
    "RequestRefused",
    "ReservedMeanwhile",
    "TooManyUploads",
    "UploadOver",
    "VersionRefused",
    "WrongEnd",
    "add_details",
    "add_document",
    "add_version",
    "ask_to_share",
    "begin_upload",
    "change_folder",
    "change_themes",
    "confirm_lift",
    "delete_for_good",
    "edit_details",
    "finish_upload",
    "give_up_upload",
    "grant_request",
    "leave_coalition",
    "let_fit",
    "let_others_add_versions",
    "lift_reservation",
    "make_folder",
    "mark_child_data",
    "move_document",
    "note_progress",
    "propose_lift",
    "refuse_lift",
    "refuse_request",
    "remove_authors",
    "reserve_document",
    "restore_document",
    "restore_folder",
    "restore_version",
    "set_limit",
    "share_document",
    "trash_document",
    "trash_folder",
    "withdraw_request",
]
