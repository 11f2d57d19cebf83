"""DocumentVersion: one uploaded file, numbered, never changed."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from coalitions.network.models import Organisation


def documents_storage() -> Storage:
    """Return the private storage of workspace files."""
    return storages["documents"]


class VersionIsImmutable(RuntimeError):
    """Something tried to change a version."""


class DocumentVersion(models.Model):
    """Invariant: written once, but for its file when names of people are taken out of that
    (`services.remove_authors`). The file's name in storage is a uuid, never the uploader's name.

    `submission` marks the form that a file was sent with, so that a form sent twice adds once.
    `restored_from`: the number of the version of this document whose stored file this one shares.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("Version"))
    file = models.FileField(storage=documents_storage, max_length=200)
    name = models.CharField(_("File name"), max_length=255)
    size = models.PositiveBigIntegerField(_("Size in bytes"))
    media_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, db_index=True)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    note = models.CharField(_("What changed"), max_length=500, blank=True)
    submission = models.UUIDField(null=True, blank=True, editable=False)
    restored_from = models.PositiveIntegerField(null=True, blank=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="documents_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["uploader", "submission", "sha256"],
                condition=models.Q(submission__isnull=False),
                name="documents_version_sent_once",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; a second save is refused."""
        if not self._state.adding:
            raise VersionIsImmutable("A version is never changed; add a new one.")
        super().save(*args, **kwargs)
