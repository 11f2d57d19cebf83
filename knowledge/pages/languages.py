"""The same page in other languages.

Invariant: a language is offered where its page would really answer this viewer.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from coalitions.access import Viewer
from knowledge.models import ArticlePage


@dataclass(frozen=True)
class LanguageState:
    """One of the portal's languages, as far as an article is concerned."""

    code: str
    url: str
    is_source: bool
    is_current: bool


def page_languages(page: Any, request: HttpRequest) -> dict[str, str]:
    """Return the addresses of a home page or list by language."""
    kin = (
        type(page)
        .objects.live()
        .filter(translation_key=page.translation_key, alias_of__isnull=True)
    )
    return _urls(kin, request)


def _urls(pages: Any, request: HttpRequest) -> dict[str, str]:
    urls = {code: f"/{code}/" for code in settings.INTERFACE_LANGUAGES}
    for other in pages.select_related("locale"):
        if url := other.get_url(request):
            urls[other.locale.language_code] = url
    return urls


def article_languages(
    article: ArticlePage, viewer: Viewer, request: HttpRequest
) -> list[LanguageState]:
    """Return all languages of the portal; those without a translation have no address.

    The source is the one written first of those that can be read now.
    """
    kin = list(
        ArticlePage.objects.visible_to(viewer)
        .filter(translation_key=article.translation_key)
        .select_related("locale")
        .order_by("pk")
    )
    by_code = {page.language: page for page in reversed(kin)}
    states = []
    for code, _name in settings.LANGUAGES:
        page = by_code.get(code)
        states.append(
            LanguageState(
                code=code,
                url=(page.get_url(request) or "") if page is not None else "",
                is_source=page is not None and page.pk == kin[0].pk,
                is_current=code == article.language,
            )
        )
    return states


def switch_urls(states: list[LanguageState]) -> dict[str, str]:
    """Return the addresses for the language switch; the home page where there is no translation."""
    return {state.code: state.url or f"/{state.code}/" for state in states}
