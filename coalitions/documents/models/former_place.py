"""FormerPlace: where a document was before it went with its owner, who left a coalition."""

from django.db import models
from django.utils import timezone

from coalitions.network.models import Organisation, Workspace


class FormerPlace(models.Model):
    """Invariant: written once, when the document goes. The place is named to its members alone."""

    document = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="former_places"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.workspace_id}"
