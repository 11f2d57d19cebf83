"""What an article page shows beside its text.

Invariant: coalitions, publisher, translations, documents and related articles are named to those
who may know of them. In a preview the article itself is a draft; what it leads to is not.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from coalitions.access import Viewer
from coalitions.network.models import Coalition, Organisation
from knowledge.body import access_of
from knowledge.labels import audience_of
from knowledge.models import ArticleAudience, ArticlePage
from knowledge.pages.families import newest_first
from knowledge.pages.languages import article_languages, switch_urls

RELATED = 3


@dataclass(frozen=True)
class Section:
    """A heading, and where it stands."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Related:
    """Another article, by its name alone."""

    title: str
    language: str
    url: str


def article_context(page: ArticlePage, request: HttpRequest) -> dict[str, Any]:
    """Return the context of an article for the viewer of `request`."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    audience = audience_of(page.translation_key)
    states = article_languages(page, viewer, request)
    themes = list(page.themes.all())
    provisions = list(page.convention_articles.all())
    parent = page.get_parent() if page.pk else None
    return {
        "access": access_of(page.body, viewer, request),
        "sections": sections(page),
        "rung": audience.level if audience is not None else "",
        "is_public": audience is not None and audience.level == ArticleAudience.Level.PUBLIC,
        "coalitions": known_coalitions(audience, viewer),
        "reference": reference_of(page),
        "publisher": publisher_of(page, viewer),
        "language_states": states,
        "language_urls": switch_urls(states),
        "themes": themes,
        "provisions": provisions,
        "provision_numbers": [provision.number for provision in provisions],
        "related": related(page, [theme.pk for theme in themes], viewer, request),
        "index_url": parent.get_url(request) if parent is not None else "",
        "index_title": parent.title if parent is not None else "",
        "cited_url": request.build_absolute_uri(page.get_url(request) or "/") if page.pk else "",
    }


def reference_of(page: ArticlePage) -> str:
    """Return the short name that stands in titles of windows where the article is not public."""
    return f"K-{page.translation_key.hex[:6].upper()}"


def sections(page: ArticlePage) -> list[Section]:
    """Return the headings of the body; anchors count the parts as the template does."""
    return [
        Section(f"part-{place}", str(block.value))
        for place, block in enumerate(page.body, 1)
        if block.block_type == "heading"
    ]


def known_coalitions(audience: ArticleAudience | None, viewer: Viewer) -> list[Coalition]:
    """Return those of the audience's coalitions that the viewer may know of."""
    if audience is None or not audience.coalitions.all():
        return []
    named = [coalition.pk for coalition in audience.coalitions.all()]
    return list(Coalition.objects.visible_to(viewer).filter(pk__in=named))


def publisher_of(page: ArticlePage, viewer: Viewer) -> Any:
    """Return the publishing organisation, or None where it is not for the viewer to know."""
    return Organisation.objects.visible_to(viewer).filter(pk=page.publisher_id).first()


def related(
    page: ArticlePage, themes: list[int], viewer: Viewer, request: HttpRequest
) -> list[Related]:
    """Return a few others of the same language that share a theme, the newest first."""
    if not themes:
        return []
    through = ArticlePage.themes.through.objects.filter(theme__in=themes)
    others = (
        ArticlePage.objects.visible_to(viewer)
        .filter(locale=page.locale_id, pk__in=through.values("articlepage"))
        .exclude(translation_key=page.translation_key)
    )
    return [
        Related(other.title, other.language, other.get_url(request) or "")
        for other in newest_first(others)[:RELATED]
    ]
