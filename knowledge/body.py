"""An article's body for one viewer: which documents and articles it may link to.

Invariant: what the viewer may not see is not there at all, neither as a link nor as a gap. Two
queries for the whole body, however many links it holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from coalitions.access import Viewer
from coalitions.documents.models import Document
from knowledge.blocks.document_link import document_key
from knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage

_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_PAGE_ID = re.compile(r'\bid="(\d{1,18})"')


@dataclass(frozen=True)
class BodyAccess:
    """What of the links of a body the viewer may follow."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    urls: Mapping[int, str] = field(default_factory=dict)

    def document(self, key: object) -> Document | None:
        """Return the document that a link names, or None when it is not to be seen."""
        return self.documents.get(document_key(str(key or "")))

    def prose(self, source: str) -> SafeString:
        """Return rich text as HTML; a link to a page out of sight becomes its words alone."""

        def link(found: re.Match[str]) -> str:
            page = _page_id(found.group())
            url = self.urls.get(page) if page is not None else None
            return f'<a href="{escape(url)}">{found.group(1)}</a>' if url else found.group(1)

        # The source was cleaned by the editor's own converter when it was written.
        html: str = expand_db_html(_PAGE_LINK.sub(link, source))
        return mark_safe(html)  # noqa: S308


def _page_id(tag: str) -> int | None:
    found = _PAGE_ID.search(tag.split(">", 1)[0])
    return int(found.group(1)) if found else None


def access_of(body: Any, viewer: Viewer, request: HttpRequest | None = None) -> BodyAccess:
    """Return what `viewer` may follow of the links in `body`."""
    keys = {document_key(str(block.value.get("document") or "")) for block in _links(body)} - {""}
    pages = {page for page in _linked_pages(body) if page is not None}
    return BodyAccess(
        documents=_documents(keys, viewer) if keys else {},
        urls=_urls(pages, viewer, request) if pages else {},
    )


def _links(body: Any) -> Iterator[Any]:
    return (block for block in body if block.block_type == "document_link")


def _linked_pages(body: Any) -> Iterator[int | None]:
    for block in body:
        if block.block_type == "rich_text":
            for found in _PAGE_LINK.finditer(block.value.source):
                yield _page_id(found.group())


def _documents(keys: set[str], viewer: Viewer) -> dict[str, Document]:
    uuids = [key for key in keys if not key.startswith("D-")]
    seen = Document.objects.visible_to(viewer).filter(Q(uuid__in=uuids) | Q(reference__in=keys))
    found: dict[str, Document] = {}
    for document in seen.select_related("type"):
        found[str(document.uuid)] = found[document.reference] = document
    return found


def _urls(pages: set[int], viewer: Viewer, request: HttpRequest | None) -> dict[int, str]:
    articles = ArticlePage.objects.visible_to(viewer).filter(pk__in=pages).select_related("locale")
    places = (
        Page.objects.live().type(HomePage, KnowledgeIndexPage).filter(pk__in=pages)
    ).select_related("locale")
    found = ((page.pk, page.get_url(request)) for page in [*articles, *places])
    return {pk: url for pk, url in found if url}
