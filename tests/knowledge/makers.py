"""Articles for tests: a small site, staff, and articles with the audience a test asks for."""

import itertools
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.signal_handlers import disable_reference_index_auto_update

from coalitions.network.models import Coalition, Organisation
from knowledge.models import ArticleAudience, ArticlePage, KnowledgeIndexPage
from knowledge.services.setup import EDITORS, REVIEWERS, ensure_groups, ensure_site
from portal.accounts.models import User
from tests.worlds import make_organisation, make_person

_counter = itertools.count(1)


def make_site() -> None:
    """Make home pages and lists in every language."""
    with disable_reference_index_auto_update():
        ensure_site(hostname="testserver", port=80, root_title="Portal")


def make_staff(group: str = REVIEWERS, organisation: Organisation | None = None) -> User:
    """Return a person in one of the groups of the admin."""
    user = make_person(organisation)
    if not Group.objects.filter(name=REVIEWERS).exists():
        ensure_groups()
    user.groups.add(Group.objects.get(name=group))
    return user


def make_editor(**fields: Any) -> User:
    return make_staff(EDITORS, **fields)


def index_of(language: str = "en") -> KnowledgeIndexPage:
    return KnowledgeIndexPage.objects.get(locale__language_code=language)


def make_article(
    level: str | None = "network",
    *coalitions: Coalition,
    language: str = "en",
    live: bool = True,
    translation_of: ArticlePage | None = None,
    publisher: Organisation | None = None,
    themes: Any = (),
    convention_articles: Any = (),
    **fields: Any,
) -> ArticlePage:
    """Return an article made without services; `level` None leaves the family's audience alone."""
    number = next(_counter)
    fields.setdefault("title", f"Article {number}")
    fields.setdefault("slug", f"article-{number}")
    fields.setdefault("summary", f"Summary {number}")
    fields.setdefault("date", date(2026, 3, 1) + timedelta(days=number % 200))
    index = index_of(language)
    article = ArticlePage(
        live=live, locale=index.locale, publisher=publisher or make_organisation(), **fields
    )
    if translation_of is not None:
        article.translation_key = translation_of.translation_key
    article.themes = list(themes)
    article.convention_articles = list(convention_articles)
    index.add_child(instance=article)
    if level is not None and translation_of is None:
        row = ArticleAudience.objects.create(
            translation_key=article.translation_key,
            level=level,
            since=timezone.now() - timedelta(days=30),
        )
        row.coalitions.set(coalitions)
    return article
