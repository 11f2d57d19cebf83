"""Knowledge articles that were found, each in one language.

Invariant: an article's publisher is named only to those who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping

from wagtail.blocks import StreamValue

from coalitions.language import snippet
from knowledge.models import ArticleAudience, ArticlePage
from search.engines.base import Hit
from search.indexed import Ref, article_words
from search.seeing import organisation_seen
from search.showing.things import Asked, Shown


def show_articles(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], asked: Asked
) -> dict[str, Shown]:
    """Those of the articles that may be seen, by ref."""
    keys = {ref.key for ref in refs.values()}
    found = {
        (article.translation_key, article.language): article
        for article in ArticlePage.objects.visible_to(asked.viewer)
        .filter(translation_key__in=keys)
        .select_related("locale", "publisher")
    }
    levels = dict(
        ArticleAudience.objects.in_force()
        .filter(translation_key__in=keys)
        .values_list("translation_key", "level")
    )
    shown = {}
    for ref, parts in refs.items():
        article = found.get((parts.key, parts.locale))
        if article is None:
            continue
        shown[ref] = Shown(
            kind="article",
            uuid=parts.key,
            thing=article,
            title=article.title,
            language=article.language,
            url=article.get_url(asked.request) or "",
            snippet=snippet(
                _without_pictures(article), article.language, asked.wanted_in(article.language)
            ),
            date=article.date,
            rung=str(levels.get(parts.key, "")),
            organisation=organisation_seen(article.publisher, asked.viewer),
        )
    return shown


def _without_pictures(article: ArticlePage) -> str:
    """The words of an article, read without asking the database for its pictures."""
    body = article.body
    kept = [block for block in body.raw_data if block["type"] != "image"]
    article.body = StreamValue(body.stream_block, kept, is_lazy=True)
    return article_words(article)
