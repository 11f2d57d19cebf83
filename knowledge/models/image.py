"""The knowledge base's own image model.

Invariant: files are served by our own view, which checks that some visible article shows them.
Their names in storage are uuids: the uploader's file name stands in no address.
"""

import os
from typing import Any
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    WagtailImageFieldFile,
    get_rendition_storage,
    get_rendition_upload_to,
    get_upload_to,
)

from knowledge.querysets import ImageRenditionQuerySet


class CheckedImageFile(WagtailImageFieldFile):
    """A file whose address is that of our view, wherever it is stored."""

    @property
    def url(self) -> str:
        """The address of the view that checks who asks."""
        self._require_file()
        return reverse("knowledge-image", args=[self.name])


class CheckedImageField(WagtailImageField):
    """An image field without any address in the storage itself."""

    attr_class = CheckedImageFile


class KnowledgeImage(AbstractImage):
    """An image with a description for those who do not see it, and a credit."""

    file = CheckedImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    alternative_text = models.CharField(_("Description"), max_length=255, blank=True)
    credit = models.CharField(_("Credit"), max_length=255, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "alternative_text",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    def get_upload_to(self, filename: str) -> str:
        """Return a name in storage that tells nothing of the file."""
        extension = os.path.splitext(filename)[1].lower()
        return f"original_images/{uuid4().hex}{extension}"

    @property
    def default_alt_text(self) -> str:
        """The description; never the title, which is often a file name."""
        return str(self.alternative_text)


class KnowledgeRendition(AbstractRendition):
    """One size of an image."""

    image = models.ForeignKey(KnowledgeImage, on_delete=models.CASCADE, related_name="renditions")
    file = CheckedImageField(
        upload_to=get_rendition_upload_to,
        storage=get_rendition_storage,
        width_field="width",
        height_field="height",
    )

    objects: Any = ImageRenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="knowledge_rendition_once"
            )
        ]


class ImageUse(models.Model):
    """An article shows an image. Written with the article, in its transaction."""

    article = models.ForeignKey(
        "knowledge.ArticlePage", on_delete=models.CASCADE, related_name="image_uses"
    )
    image = models.ForeignKey(KnowledgeImage, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "image"], name="knowledge_image_use_once")
        ]
