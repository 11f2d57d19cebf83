"""Publishing a whole article in one call, for commands and loaders.

Invariant: it goes through Wagtail's own revisions, so that history, log and signals are the same
as for an article written in the admin.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from coalitions.access import NotAllowed
from coalitions.network.audit import record
from coalitions.network.models import Coalition, ConventionArticle, Organisation, Theme
from knowledge.models import ArticleAudience, ArticlePage, KnowledgeIndexPage
from knowledge.services.audience import AuditedFamily, set_article_audience

BlockPair = tuple[str, Any]


def publish_article(
    *,
    acting_user: Any,
    language: str,
    title: str,
    slug: str,
    summary: str,
    blocks: Sequence[BlockPair],
    publisher: Organisation,
    date: datetime.date,
    level: ArticleAudience.Level | str = ArticleAudience.Level.NETWORK,
    coalitions: Iterable[Coalition] = (),
    themes: Iterable[Theme] = (),
    convention_articles: Iterable[ConventionArticle] = (),
    translation_of: ArticlePage | None = None,
) -> ArticlePage:
    """Publish a new article under the list of `language` and return it.

    `blocks`: pairs of a part's kind and its value, as `ArticleBlocks` knows them. With
    `translation_of` the article joins that family: the audience is the family's, and `level` and
    `coalitions` are not looked at. Raises NotAllowed without the right to publish there, and
    ValidationError when the slug is taken, the language has no list, or a part is not whole.
    """
    index = _index_of(language)
    with transaction.atomic():
        if not index.permissions_for_user(acting_user).can_publish_subpage():
            raise NotAllowed("publishing an article needs the right to publish under its list")
        article = ArticlePage(
            title=title,
            slug=slug,
            summary=summary,
            body=_stream(blocks),
            date=date,
            publisher=publisher,
            owner=acting_user,
            locale=index.locale,
            live=False,
        )
        if translation_of is not None:
            article.translation_key = translation_of.translation_key
        article.themes = list(themes)
        article.convention_articles = list(convention_articles)
        index.add_child(instance=article)
        if translation_of is None:
            set_article_audience(
                acting_user=acting_user, article=article, level=level, coalitions=coalitions
            )
        article.save_revision(user=acting_user).publish(user=acting_user)
        record(
            "article.published",
            acting_user=acting_user,
            thing=AuditedFamily(article.translation_key),
            language=language,
        )
    published: ArticlePage = ArticlePage.objects.get(pk=article.pk)
    return published


def _index_of(language: str) -> KnowledgeIndexPage:
    index: KnowledgeIndexPage | None = (
        KnowledgeIndexPage.objects.filter(locale__language_code=language, alias_of__isnull=True)
        .order_by("pk")
        .first()
    )
    if index is None:
        raise ValidationError(
            f"There is no list of articles in the language {language}: run setup_portal first."
        )
    return index


def _stream(blocks: Sequence[BlockPair]) -> Any:
    """Return the body as its StreamField takes it, every part checked."""
    stream = ArticlePage._meta.get_field("body").stream_block
    value = stream.to_python(
        [{"type": kind, "value": _prepared(stream, kind, value)} for kind, value in blocks]
    )
    return stream.clean(value)


def _prepared(stream: Any, kind: str, value: Any) -> Any:
    if kind not in stream.child_blocks:
        raise ValidationError(f"An article has no part of the kind {kind}.")
    return value
