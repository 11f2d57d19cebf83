"""KnowledgeIndexPage: the list of articles of one language, and the parent of each.

Invariant: its slug is never that of one of Django's own routes, which would hide it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from knowledge.models.preview import FramedPreview


class KnowledgeIndexPage(FramedPreview, Page):
    """One per home page. Lists its language's articles, and those of all languages on request."""

    introduction = models.CharField(_("Sentence under the title"), max_length=240, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["knowledge.HomePage"]
    subpage_types = ["knowledge.ArticlePage"]
    max_count_per_parent = 1
    private_page_options: list[str] = []
    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]
    template = "knowledge/index.html"
    override_translatable_fields = [SynchronizedField("slug")]

    class Meta:
        verbose_name = _("list of articles")
        verbose_name_plural = _("lists of articles")

    def clean(self) -> None:
        """Refuse the slugs of Django's own routes."""
        from knowledge.reserved import reserved_slugs

        super().clean()
        if self.slug in reserved_slugs():
            message = _t("The portal itself uses this address. Choose another one.")
            raise ValidationError({"slug": message})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the list that the viewer of this request may see."""
        from knowledge.pages.index import index_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | index_context(self, request)
