"""Document: a text that an organisation owns, in a workspace. The file is in its versions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coalitions.documents.querysets import DocumentQuerySet
from coalitions.network.models import (
    ConventionArticle,
    Country,
    DocumentType,
    Organisation,
    Programme,
    Theme,
    Workspace,
)


class Document(models.Model):
    """Invariant: seen through its audience rows only; trashed, by nobody. Its folder is one of
    its workspace, and is named only to those who see the workspace.

    `trashed_for`: the organisation that whoever put it into the trash acted for.
    `trashed_with`: the folder that it went into the trash with, None where it went alone.
    `language_from_text`: nobody said the language yet; the first reading of the text will.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True, editable=False)
    title = models.CharField(_("Title"), max_length=255)
    language = models.CharField(_("Language"), max_length=8, choices=settings.LANGUAGES)
    language_from_text = models.BooleanField(default=False)
    type = models.ForeignKey(
        DocumentType, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("Type")
    )
    date = models.DateField(_("Date of the document"), null=True, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, verbose_name=_("Themes"))
    articles = models.ManyToManyField(
        ConventionArticle, blank=True, verbose_name=_("Articles of the Convention")
    )
    countries = models.ManyToManyField(Country, blank=True, verbose_name=_("Countries"))
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("Programme")
    )
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="documents")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="documents")
    folder = models.ForeignKey(
        "documents.Folder",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
    )
    shows_child = models.BooleanField(_("A child can be recognised in it"), default=False)
    others_add_versions = models.BooleanField(
        _("Members of its workspace may add versions"), default=False
    )
    translation_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations"
    )
    current_version = models.OneToOneField(
        "documents.DocumentVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="current_of",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents_created"
    )
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    trashed = models.DateTimeField(null=True, blank=True)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents_trashed",
    )
    trashed_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    trashed_with = models.ForeignKey(
        "documents.Folder",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents_trashed",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-changed", "-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        # A folder, a workspace and a library are listed in these orders without reading all rows.
        indexes = [
            models.Index(
                fields=["workspace", "folder", "changed", "uuid"], name="documents_folder_changed"
            ),
            models.Index(
                "workspace", "folder", Lower("title"), "uuid", name="documents_folder_title"
            ),
            models.Index(
                fields=["workspace", "changed", "uuid"], name="documents_workspace_changed"
            ),
            models.Index(fields=["workspace", "owner"], name="documents_workspace_owner"),
            models.Index(fields=["changed", "uuid"], name="documents_changed"),
            # Of what is in the trash alone: of a whole one SQLite thinks that most of it is there,
            # and looks through all documents for the few that are asked for.
            models.Index(
                fields=["trashed"],
                condition=models.Q(trashed__isnull=False),
                name="documents_in_the_trash",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
