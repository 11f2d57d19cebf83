"""Forms of documents and folders."""

from coalitions.documents.forms.details import DetailsForm
from coalitions.documents.forms.folders import FolderForm, MoveForm, NameForm
from coalitions.documents.forms.upload import UploadForm, VersionForm

__all__ = ["DetailsForm", "FolderForm", "MoveForm", "NameForm", "UploadForm", "VersionForm"]
