"""Folder: a named place for documents in a workspace, in another folder or at the top."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalitions.documents.folder_names import LONGEST_KEY
from coalitions.documents.querysets import FolderQuerySet
from coalitions.network.models import Organisation, Workspace


class Folder(models.Model):
    """Carries its workspace's labels, so that its name is known to those who see the workspace.

    Invariant: no two folders of one place have the same `key`; no folder is in itself; at most
    `DEEPEST` levels. The tree of a workspace changes under the lock of the workspace's row
    (`services.folders`). `revision` rises with every change of name or place.

    A trashed folder is in no place and keeps no name from others; `trashed_with`: the folder that
    it went into the trash with, None where it went itself.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="folders")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(_("Name"), max_length=120)
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="folders")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="folders_created"
    )
    created = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)
    trashed = models.DateTimeField(null=True, blank=True)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="folders_trashed",
    )
    trashed_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="folders_trashed"
    )

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ["key", "pk"]
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        indexes = [
            models.Index(
                fields=["trashed"],
                condition=Q(trashed__isnull=False),
                name="documents_folders_in_the_trash",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=Q(parent__isnull=True, trashed__isnull=True),
                name="documents_folder_at_the_top_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "key"],
                condition=Q(parent__isnull=False, trashed__isnull=True),
                name="documents_folder_in_a_folder_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
