"""The invented knowledge articles, published by the demonstration's reviewer."""

from __future__ import annotations

from collections.abc import Callable

from coalitions.network.models import Coalition, ConventionArticle, Organisation, Theme
from knowledge.models import ArticlePage
from knowledge.services import publish_article
from portal.accounts.models import User
from portal.demo.articles import PUBLISHER, DemoArticle, read_articles
from portal.demo.network import DemoNetwork

EVERY = 10


def load_articles(network: DemoNetwork, say: Callable[[str], None]) -> None:
    """Publish what is missing, sources before their translations."""
    reviewer = next(person for person in network.people if person.staff == "reviewer")
    acting_user = User.objects.get(email=reviewer.email)
    publisher = next(o for o in network.organisations if o.names["en"] == PUBLISHER)
    organisation = Organisation.objects.get(slug=publisher.slug)
    articles = read_articles()
    sources: dict[str, ArticlePage] = {}
    for number, article in enumerate(sorted(articles, key=lambda a: not a.source), start=1):
        page = _published(article)
        if page is None:
            page = _publish(article, sources.get(article.family), acting_user, organisation)
        if article.source:
            sources[article.family] = page
        if number % EVERY == 0:
            say(f"  {number} of {len(articles)}")


def _published(article: DemoArticle) -> ArticlePage | None:
    page: ArticlePage | None = ArticlePage.objects.filter(
        slug=article.slug, locale__language_code=article.language
    ).first()
    return page


def _publish(
    article: DemoArticle, source: ArticlePage | None, acting_user: User, publisher: Organisation
) -> ArticlePage:
    return publish_article(
        acting_user=acting_user,
        language=article.language,
        title=article.title,
        slug=article.slug,
        summary=article.summary,
        blocks=article.blocks,
        publisher=publisher,
        date=article.date,
        level=article.audience,
        coalitions=Coalition.objects.filter(slug=article.coalition),
        themes=Theme.objects.filter(code__in=article.themes),
        convention_articles=ConventionArticle.objects.filter(number__in=article.articles),
        translation_of=source if not article.source else None,
    )
