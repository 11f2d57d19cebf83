"""Forms of documents."""

from coalitions.documents.forms.details import DetailsForm
from coalitions.documents.forms.upload import UploadForm, VersionForm

__all__ = ["DetailsForm", "UploadForm", "VersionForm"]
