"""HomePage: where each language starts.

Invariant: it answers in its own language only. Where a language has no published home page there
is no page at all, rather than another language's text under a foreign address.
"""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from knowledge.models.preview import FramedPreview


class HomePage(FramedPreview, Page):
    """One per language; its children are the sections of the knowledge base."""

    headline = models.CharField(
        _("Headline"),
        max_length=120,
        blank=True,
        help_text=_("Left empty: the portal's own words."),
    )
    lede = models.CharField(
        _("Sentence under it"), max_length=240, blank=True, help_text=_("Left empty: the same.")
    )

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lede")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["knowledge.KnowledgeIndexPage"]
    private_page_options: list[str] = []
    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]
    template = "knowledge/home.html"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Go on only in the language of the address."""
        if self.locale.language_code != get_language():
            raise Http404
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the viewer of this request may see."""
        from knowledge.pages.home import home_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | home_context(self, request)
