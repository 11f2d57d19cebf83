"""The knowledge base's own image model.

Invariant: files are served by our own view, which checks that some visible article shows them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class KnowledgeImage(AbstractImage):
    """An image with a description for those who do not see it, and a credit."""

    alternative_text = models.CharField(_("Description"), max_length=255, blank=True)
    credit = models.CharField(_("Credit"), max_length=255, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "alternative_text", "credit")


class KnowledgeRendition(AbstractRendition):
    """One size of an image."""

    image = models.ForeignKey(KnowledgeImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="knowledge_rendition_once"
            )
        ]
