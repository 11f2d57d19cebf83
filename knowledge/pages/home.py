"""What the home page shows: ways in, what is new, the network in numbers.

Invariant: every number is one that the viewer of this request could count for themself.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from coalitions.access import Viewer
from coalitions.network.models import Organisation, Theme
from knowledge.forms.filters import ALL_LANGUAGES
from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage
from knowledge.pages.families import (
    entries,
    families_by_provision,
    families_by_theme,
    newest_first,
    one_per_family,
)
from knowledge.pages.languages import page_languages

NEW_ARTICLES = 4


@dataclass(frozen=True)
class ThemeLink:
    """A main theme, what it holds, and where its articles are."""

    label: str
    subthemes: str
    count: int
    url: str


def home_context(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """Return the context of the home page for the viewer of `request`."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = ArticlePage.objects.visible_to(viewer)
    index = KnowledgeIndexPage.objects.child_of(page).live().select_related("locale").first()
    index_url = (index.get_url(request) or "") if index is not None else ""
    newest = newest_first(one_per_family(seen, page.locale.language_code))[:NEW_ARTICLES]
    return {
        "index_url": index_url,
        "all_articles_url": list_url(index_url),
        "provision_counts": families_by_provision(seen),
        "provision_url": list_url(index_url) + "&article=" if index_url else "",
        "themes": theme_links(seen, index_url),
        "new_articles": entries(newest, viewer, request),
        "figures": network_figures(viewer),
        "language_urls": page_languages(page, request),
    }


def list_url(index_url: str, **filters: object) -> str:
    """Return the address of the list in all languages, narrowed by `filters`."""
    return f"{index_url}?{urlencode({'language': ALL_LANGUAGES, **filters})}"


def theme_links(seen: Any, index_url: str) -> list[ThemeLink]:
    """Return the main themes with the number of families that the list behind them holds."""
    counts = families_by_theme(seen)
    themes = Theme.objects.filter(parent__isnull=True).prefetch_related("subthemes")
    return [
        ThemeLink(
            label=theme.label,
            subthemes=" · ".join(part.label for part in list(theme.subthemes.all())[:3]),
            count=counts.get(theme.pk, 0),
            url=list_url(index_url, theme=theme.code) if index_url else "",
        )
        for theme in themes
    ]


def network_figures(viewer: Viewer) -> dict[str, int]:
    """Return the network in numbers, counted over the organisations that the viewer sees."""
    seen = Organisation.objects.visible_to(viewer)
    return {
        "sections": seen.filter(kind=Organisation.Kind.DCI_SECTION).count(),
        "countries": seen.filter(countries__isnull=False)
        .order_by()
        .values("countries")
        .distinct()
        .count(),
        "languages": len(settings.INTERFACE_LANGUAGES),
    }
