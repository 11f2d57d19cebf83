"""Pages about documents. They find through `visible_to`, change through services, answer files
through `downloads.py`."""

from coalitions.documents.views.asking import ask, lift, share_request
from coalitions.documents.views.authors import authors
from coalitions.documents.views.changing import child_data, edit, share
from coalitions.documents.views.files import download, image
from coalitions.documents.views.folders import (
    change_folder,
    folder,
    move,
    new_folder,
    workspace,
)
from coalitions.documents.views.leaving import leave_coalition
from coalitions.documents.views.libraries import coalition_library, network_library, public_library
from coalitions.documents.views.linking import end_link, links, new_link
from coalitions.documents.views.lists import downloads, mine
from coalitions.documents.views.opening_versions import other_versions
from coalitions.documents.views.outsiders import (
    link,
    open_by_password,
    outside,
    outside_download,
)
from coalitions.documents.views.planning import plan
from coalitions.documents.views.reading import document, version
from coalitions.documents.views.reserving import lift_reservation, reserve
from coalitions.documents.views.resuming import resume, uploads
from coalitions.documents.views.selecting import selection, undo_selection
from coalitions.documents.views.sent import sent_details
from coalitions.documents.views.space import organisation_space, workspace_space
from coalitions.documents.views.thumbnails import pages
from coalitions.documents.views.transparency import seen, who
from coalitions.documents.views.trashing import (
    delete_document,
    restore_document,
    restore_folder,
    trash,
    trash_document,
    trash_folder,
    workspace_trash,
)
from coalitions.documents.views.uploading import new_version, upload
from coalitions.documents.views.versions import compare, restore_version, versions

__all__ = [
    "ask",
    "authors",
    "change_folder",
    "child_data",
    "coalition_library",
    "compare",
    "delete_document",
    "document",
    "download",
    "downloads",
    "edit",
    "end_link",
    "folder",
    "image",
    "leave_coalition",
    "lift",
    "lift_reservation",
    "link",
    "links",
    "mine",
    "move",
    "network_library",
    "new_folder",
    "new_link",
    "new_version",
    "open_by_password",
    "organisation_space",
    "other_versions",
    "outside",
    "outside_download",
    "pages",
    "plan",
    "public_library",
    "reserve",
    "restore_document",
    "restore_folder",
    "restore_version",
    "resume",
    "seen",
    "selection",
    "sent_details",
    "share",
    "share_request",
    "trash",
    "trash_document",
    "trash_folder",
    "undo_selection",
    "upload",
    "uploads",
    "version",
    "versions",
    "who",
    "workspace",
    "workspace_space",
    "workspace_trash",
]
