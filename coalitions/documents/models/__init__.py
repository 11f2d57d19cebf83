"""Documents in folders, their versions, the text of their pages, and who sees them since when."""

from coalitions.documents.models.audience import DocumentAudience
from coalitions.documents.models.document import Document
from coalitions.documents.models.extraction import TextExtraction
from coalitions.documents.models.folder import Folder
from coalitions.documents.models.page import DocumentPage
from coalitions.documents.models.version import DocumentVersion

__all__ = [
    "Document",
    "DocumentAudience",
    "DocumentPage",
    "DocumentVersion",
    "Folder",
    "TextExtraction",
]
