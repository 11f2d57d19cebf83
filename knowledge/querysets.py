"""visible_to(viewer) for articles and for their images.

Invariant: says in SQL what `knowledge.labels.article_labels` says of one article. A draft, an
expired page and an alias (the text of another language under a foreign address) are visible to
nobody here; the Wagtail admin reads drafts by page permissions instead.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.query import PageQuerySet

from coalitions.access import Viewer


class ArticleQuerySet(PageQuerySet):
    """Articles."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the published articles whose audience in force meets the viewer's labels."""
        from knowledge.models import ArticleAudience

        level = ArticleAudience.Level
        sees = Q(level__in=[level.COALITION, level.NETWORK], coalitions__uuid__in=viewer.coalitions)
        if viewer.sees_network:
            sees |= Q(level=level.NETWORK)
        if viewer.sees_public:
            sees |= Q(level=level.PUBLIC)
        audience = ArticleAudience.objects.in_force().filter(
            sees, translation_key=OuterRef("translation_key")
        )
        return self.published().filter(Exists(audience))  # type: ignore[no-any-return]

    def published(self) -> Self:
        """Return what is live, not past its end, and in the language it is written in."""
        not_expired = Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now())
        return self.filter(not_expired, live=True, alias_of__isnull=True)  # type: ignore[no-any-return]


class ImageRenditionQuerySet(models.QuerySet[Any]):
    """The sizes in which images are shown."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of images that some article shows which the viewer may see."""
        from knowledge.models import ArticlePage, ImageUse

        seen = ArticlePage.objects.visible_to(viewer).filter(pk=OuterRef("article"))
        use = ImageUse.objects.filter(Exists(seen), image=OuterRef("image"))
        return self.filter(Exists(use))
