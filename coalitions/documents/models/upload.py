"""ResumableUpload: a file on its way into a workspace, sent in parts over days if need be."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.documents.models.audience import DocumentAudience
from coalitions.documents.querysets import UploadQuerySet
from coalitions.network.models import Organisation, Workspace


class ResumableUpload(models.Model):
    """Belongs to the person and the workspace that began it, and is known to nobody else.

    Invariant: what was chosen at the start stays; the bytes lie in a private folder under `uuid`
    (`uploads.parts`), and their number there is the truth, `offset` only what was told last. The
    version that it becomes carries `uuid` as its `submission`, so that it is stored once.
    """

    class State(models.TextChoices):
        SENDING = "sending", _("Being sent")
        STORED = "stored", _("Stored")
        HERE = "here", _("Already here")
        REFUSED = "refused", _("Refused")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="uploads")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    folder = models.ForeignKey(
        "documents.Folder", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    path = models.JSONField(default=list)
    name = models.CharField(max_length=255)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    metadata = models.TextField(blank=True)
    rung = models.CharField(
        max_length=20, choices=DocumentAudience._meta.get_field("rung").flatchoices
    )
    child_data = models.BooleanField(default=False)
    shows_child = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)
    store_again = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    refusal = models.CharField(max_length=40, blank=True)
    version = models.ForeignKey(
        "documents.DocumentVersion", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [models.Index(fields=["expires"]), models.Index(fields=["person", "state"])]

    def __str__(self) -> str:
        return str(self.uuid)
