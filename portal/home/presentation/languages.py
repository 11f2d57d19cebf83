"""The language switch: the same page in every language of the interface.

Invariant: a link of the switch leads to the same page with the same query, or to the home page
in that language where the page has no translation; it never says whether a page exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from wagtail.models import Page

from portal.home.presentation.names import direction, own_language_name, reader_language


@dataclass(frozen=True)
class LanguageLink:
    """One entry of the switch."""

    code: str
    name: str
    direction: str
    url: str
    is_current: bool


def _page_urls(page: Page, request: HttpRequest) -> dict[str, str]:
    """Return the addresses of the published translations of a Wagtail page.

    A family of translations has one audience, so whoever reads one may know of the others.
    """
    urls = {code: f"/{code}/" for code in settings.INTERFACE_LANGUAGES}
    for other in page.get_translations(inclusive=True).live().select_related("locale"):
        url = other.get_url(request)
        if url:
            urls[other.locale.language_code] = url
    return urls


def language_links(request: HttpRequest, context: Mapping[str, Any]) -> list[LanguageLink]:
    """Return the entries of the switch for the page that `context` describes."""
    address = request.get_full_path()
    query = request.META.get("QUERY_STRING", "")
    given = context.get("language_urls")
    page = context.get("page")
    if given is None and isinstance(page, Page):
        given = _page_urls(page, request)
    links = []
    for code in settings.INTERFACE_LANGUAGES:
        if given and code in given:
            url = f"{given[code]}?{query}" if query else given[code]
        else:
            url = translate_url(address, code)
        links.append(
            LanguageLink(
                code=code,
                name=own_language_name(code),
                direction=direction(code),
                url=url,
                is_current=code == reader_language(),
            )
        )
    return links
