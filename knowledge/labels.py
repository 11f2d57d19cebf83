"""The labels that an article carries: the other half of `visible_to`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from coalitions.access import NETWORK, PUBLIC, coalition_label
from coalitions.network.models import Coalition
from knowledge.models import ArticleAudience, ArticlePage


def audience_of(translation_key: UUID, at: datetime | None = None) -> ArticleAudience | None:
    """Return the audience of a family in force at `at` (now, when None)."""
    return audiences_of([translation_key], at).get(translation_key)


def audiences_of(
    translation_keys: Iterable[UUID], at: datetime | None = None
) -> dict[UUID, ArticleAudience]:
    """Return the audiences in force of many families, with their coalitions, in two queries."""
    rows = (
        ArticleAudience.objects.in_force(at)
        .filter(translation_key__in=list(translation_keys))
        .prefetch_related("coalitions")
    )
    return {row.translation_key: row for row in rows}


def audience_labels(audience: ArticleAudience) -> frozenset[str]:
    """Return the labels of one audience row, in force or not."""
    return labels_of(audience.level, audience.coalitions.all())


def labels_of(level: str, coalitions: Iterable[Coalition]) -> frozenset[str]:
    """Return the labels that an article carries with this choice."""
    if level == ArticleAudience.Level.PUBLIC:
        return frozenset({PUBLIC})
    labels = {coalition_label(coalition.uuid) for coalition in coalitions}
    if level == ArticleAudience.Level.NETWORK:
        labels.add(NETWORK)
    return frozenset(labels)


def article_labels(article: ArticlePage, at: datetime | None = None) -> frozenset[str]:
    """Return the article's labels; none for a draft, an alias, past its end or without audience."""
    moment = at or timezone.now()
    expired = article.expire_at is not None and article.expire_at <= moment
    if not article.live or expired or article.alias_of_id is not None:
        return frozenset()
    audience = audience_of(article.translation_key, at)
    return audience_labels(audience) if audience is not None else frozenset()
