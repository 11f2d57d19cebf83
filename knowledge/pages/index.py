"""What the list of articles shows: filters, one page of entries, how many there are.

Invariant: list and counts are of one queryset, which starts from `visible_to`.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest

from coalitions.access import Viewer
from coalitions.network.models import Theme
from knowledge.forms.filters import ALL_LANGUAGES, ArticleFilterForm
from knowledge.models import ArticlePage, KnowledgeIndexPage
from knowledge.pages.families import entries, newest_first, one_per_family
from knowledge.pages.languages import page_languages

PAGE_SIZE = 20


def index_context(page: KnowledgeIndexPage, request: HttpRequest) -> dict[str, Any]:
    """Return the context of the list for the viewer of `request`."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = ArticleFilterForm(request.GET, language=page.locale.language_code)
    form.is_valid()
    chosen = form.chosen()
    seen = narrowed(ArticlePage.objects.visible_to(viewer), chosen)
    everywhere = seen.order_by().values("translation_key").distinct()
    language = chosen["language"]
    if language == ALL_LANGUAGES:
        listed = one_per_family(seen, page.locale.language_code)
    else:
        listed = seen.filter(locale__language_code=language)
    pages = Paginator(newest_first(listed), PAGE_SIZE)
    page_obj = pages.get_page(request.GET.get("page"))
    return {
        "form": form,
        "page_obj": page_obj,
        "entries": entries(page_obj.object_list, viewer, request),
        "total": pages.count,
        "total_everywhere": everywhere.count(),
        "listed_language": "" if language == ALL_LANGUAGES else language,
        "is_narrowed": bool(chosen["theme"] or chosen["article"]),
        "language_urls": page_languages(page, request),
    }


def narrowed(articles: Any, chosen: dict[str, Any]) -> Any:
    """Return `articles` about the chosen theme and article of the Convention."""
    if theme := chosen["theme"]:
        about = Theme.objects.filter(Q(code=theme) | Q(parent__code=theme)).values("pk")
        through = ArticlePage.themes.through.objects.filter(theme__in=about)
        articles = articles.filter(pk__in=through.values("articlepage"))
    if number := chosen["article"]:
        through = ArticlePage.convention_articles.through.objects.filter(
            conventionarticle__number=number
        )
        articles = articles.filter(pk__in=through.values("articlepage"))
    return articles
