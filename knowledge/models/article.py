"""ArticlePage: one article in one language.

Invariant: what a change makes visible, and the signal that tells of it, commit together. An
article that the viewer may not see answers exactly like a page that does not exist.
"""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageManager
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from coalitions.network.models import ConventionArticle, Organisation, Theme
from knowledge.blocks import ArticleBlocks
from knowledge.forms.article import ArticlePageForm
from knowledge.models.panels import article_content_panels, article_promote_panels
from knowledge.models.preview import FramedPreview
from knowledge.querysets import ArticleQuerySet
from knowledge.signals import article_changed

# Columns that Wagtail keeps its own books in: no reader ever sees them.
_BOOKKEEPING = frozenset(
    {
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "draft_title",
        "has_unpublished_changes",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        COMMENTS_RELATION_NAME,
    }
)


def today() -> Any:
    """Return the day, for the date of a new article."""
    return timezone.localdate()


class ArticlePage(FramedPreview, Page):
    """Its identity is `translation_key` plus locale; its audience is that of the family."""

    summary = models.TextField(_("Summary"), max_length=500)
    body = StreamField(ArticleBlocks(), verbose_name=_("Body"), blank=True)
    date = models.DateField(_("Date"), default=today)
    themes = ParentalManyToManyField(Theme, verbose_name=_("Themes"), blank=True)
    convention_articles = ParentalManyToManyField(
        ConventionArticle, verbose_name=_("Articles of the Convention"), blank=True
    )
    publisher = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Publishing organisation"),
    )

    objects = PageManager.from_queryset(ArticleQuerySet)()

    base_form_class = ArticlePageForm
    content_panels = article_content_panels()
    promote_panels = article_promote_panels()
    search_fields = [*Page.search_fields, index.SearchField("summary")]
    parent_page_types = ["knowledge.KnowledgeIndexPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]
    template = "knowledge/article.html"
    override_translatable_fields = [
        SynchronizedField("date"),
        SynchronizedField("themes", overridable=False),
        SynchronizedField("convention_articles", overridable=False),
        SynchronizedField("publisher", overridable=False),
    ]

    class Meta:
        verbose_name = _("knowledge article")
        verbose_name_plural = _("knowledge articles")

    @property
    def language(self) -> str:
        """The code of the language it is written in."""
        return str(self.locale.language_code)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Go on only in the article's language, and only for a viewer who may see it."""
        if self.language != get_language():
            raise Http404
        seen = type(self).objects.visible_to(request.viewer)  # type: ignore[attr-defined]
        if not seen.filter(pk=self.pk).exists():
            raise Http404
        return super().route(request, path_components)

    def can_move_to(self, parent: Any) -> bool:
        """Stay within the language: elsewhere the address would claim another one."""
        return bool(super().can_move_to(parent)) and parent.locale_id == self.locale_id

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the viewer of this request may see."""
        from knowledge.pages.article import article_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | article_context(self, request)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, note which images are shown, and tell of it: all of it or nothing."""
        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) <= _BOOKKEEPING:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            was_live, end = self._in_database()
            super().save(*args, **kwargs)
            self._note_images()
            if self.live or was_live:
                article_changed.send(
                    sender=type(self),
                    translation_key=self.translation_key,
                    article=self,
                    tightened=was_live and (not self.live or self._ends_before(end)),
                )

    def _in_database(self) -> tuple[bool, datetime | None]:
        """Whether it is live, and until when."""
        known = type(self).objects.filter(pk=self.pk).values_list("live", "expire_at").first()
        return known or (False, None)

    def _ends_before(self, end: datetime | None) -> bool:
        return self.expire_at is not None and (end is None or self.expire_at < end)

    def _note_images(self) -> None:
        """Write one row per image of the body, and drop the rows of those taken out."""
        from knowledge.models.image import ImageUse, KnowledgeImage

        references = self._meta.get_field("body").extract_references(self.body)
        shown = {int(pk) for model, pk, *_path in references if issubclass(model, KnowledgeImage)}
        shown &= set(KnowledgeImage.objects.filter(pk__in=shown).values_list("pk", flat=True))
        noted = set(ImageUse.objects.filter(article=self).values_list("image_id", flat=True))
        ImageUse.objects.filter(article=self, image_id__in=noted - shown).delete()
        ImageUse.objects.bulk_create(
            ImageUse(article=self, image_id=pk) for pk in sorted(shown - noted)
        )
