"""Lists of articles, one entry per family, with the facts each entry shows.

Invariant: every article, count and language comes through `visible_to`; the number of queries does
not grow with the list. All languages of a family have one audience, so a family is seen as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from coalitions.access import Viewer
from coalitions.network.models import Organisation
from knowledge.labels import audiences_of
from knowledge.models import ArticlePage

LANGUAGES: tuple[str, ...] = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Entry:
    """An article in a list."""

    title: str
    language: str
    url: str
    summary: str
    date: date
    rung: str
    publisher: Organisation | None = None
    languages: list[str] = field(default_factory=list)


def one_per_family(articles: Any, language: str) -> Any:
    """Return of each family its page in `language`, or else the one written first."""
    kin = ArticlePage.objects.published().filter(translation_key=OuterRef("translation_key"))
    has_own = Exists(kin.filter(locale__language_code=language))
    has_earlier = Exists(kin.filter(pk__lt=OuterRef("pk")))
    return articles.filter(Q(locale__language_code=language) | (~has_own & ~has_earlier))


def newest_first(articles: Any) -> Any:
    """Return `articles` in an order in which no two stand level."""
    return articles.order_by("-date", "-pk").select_related("locale", "publisher")


def entries(articles: Iterable[ArticlePage], viewer: Viewer, request: HttpRequest) -> list[Entry]:
    """Return what a list shows of `articles`, which the viewer may see."""
    pages = list(articles)
    keys = [page.translation_key for page in pages]
    audiences = audiences_of(keys)
    languages = languages_of(keys)
    named = visible_publishers({page.publisher_id for page in pages}, viewer)
    return [
        Entry(
            title=page.title,
            language=page.language,
            url=page.get_url(request) or "",
            summary=page.summary,
            date=page.date,
            rung=audiences[page.translation_key].level,
            publisher=page.publisher if page.publisher_id in named else None,
            languages=languages[page.translation_key],
        )
        for page in pages
        if page.translation_key in audiences
    ]


def languages_of(translation_keys: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the languages in which families are published, in the portal's order."""
    rows = (
        ArticlePage.objects.published()
        .filter(translation_key__in=list(translation_keys))
        .values_list("translation_key", "locale__language_code")
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for key, code in rows:
        found[key].append(code)
    for codes in found.values():
        codes.sort(key=lambda code: LANGUAGES.index(code) if code in LANGUAGES else 99)
    return found


def visible_publishers(pks: set[int], viewer: Viewer) -> set[int]:
    """Return which of these organisations the viewer may know of."""
    seen = Organisation.objects.visible_to(viewer).filter(pk__in=pks)
    return set(seen.values_list("pk", flat=True))


def families_by_theme(articles: Any) -> dict[int, int]:
    """Return how many families are about each main theme, those of its sub-themes included."""
    rows = (
        articles.filter(themes__isnull=False)
        .order_by()
        .annotate(main_theme=Coalesce("themes__parent_id", "themes__pk"))
        .values_list("main_theme")
        .annotate(Count("translation_key", distinct=True))
    )
    return dict(rows)


def families_by_provision(articles: Any) -> dict[int, int]:
    """Return how many families cite each article of the Convention."""
    rows = (
        articles.filter(convention_articles__isnull=False)
        .order_by()
        .values_list("convention_articles__number")
        .annotate(Count("translation_key", distinct=True))
    )
    return dict(rows)
