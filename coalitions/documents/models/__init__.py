"""Documents in folders, their versions, the text of their pages, and who sees them since when."""

from coalitions.documents.models.audience import DocumentAudience
from coalitions.documents.models.document import Document
from coalitions.documents.models.extraction import TextExtraction
from coalitions.documents.models.folder import Folder
from coalitions.documents.models.former_place import FormerPlace
from coalitions.documents.models.link import DocumentLink
from coalitions.documents.models.page import DocumentPage
from coalitions.documents.models.reservation import Reservation
from coalitions.documents.models.scan import VirusScan
from coalitions.documents.models.sharing import ChildDataLift, ShareRequest
from coalitions.documents.models.space import Space
from coalitions.documents.models.upload import ResumableUpload
from coalitions.documents.models.version import DocumentVersion
from coalitions.documents.models.view import DocumentView

__all__ = [
    "ChildDataLift",
    "Document",
    "DocumentAudience",
    "DocumentLink",
    "DocumentPage",
    "DocumentVersion",
    "DocumentView",
    "Folder",
    "FormerPlace",
    "Reservation",
    "ResumableUpload",
    "ShareRequest",
    "Space",
    "TextExtraction",
    "VirusScan",
]
