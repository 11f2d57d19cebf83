"""From hits to what a reader sees: the last check, titles, places, snippets.

Invariant: every hit is fetched with `visible_to` before a word of it is read; what is not
there is dropped. The number of queries does not grow with the number of hits. A workspace is
named only to its members, an organisation only to those who may see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.blocks import StreamValue

from coalitions.access import Viewer
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.language import Snippet, snippet
from coalitions.network.models import Organisation
from knowledge.models import ArticleAudience, ArticlePage
from search.engines.base import Hit, Tokens
from search.indexed import Ref, article_words, page_language, parse_ref
from search.seeing import organisations_seen


@dataclass(frozen=True, slots=True)
class Shown:
    """One result. `thing` is the visible object; `page` is 0 where no page of it hit."""

    kind: str
    uuid: UUID
    thing: Any
    title: str
    language: str
    url: str
    snippet: Snippet
    date: date | None = None
    rung: str = ""
    child_data: bool = False
    organisation: Organisation | None = None
    workspace: Any = None
    media: str = ""
    page_count: int = 0
    page: int = 0
    anchor: str = ""
    page_url: str = ""

    @property
    def marked(self) -> bool:
        """Whether the snippet holds a word that was asked for."""
        return any(piece.marked for piece in self.snippet.pieces)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, in which words, for what."""

    viewer: Viewer
    text: str
    wanted: Sequence[Tokens]
    request: HttpRequest | None = None


def show(hits: Sequence[Hit], asked: Asked) -> list[Shown]:
    """The hits that the viewer may still see, in their order."""
    refs = {hit.ref: parse_ref(hit.ref) for hit in hits}
    pages = {hit.ref: hit.page for hit in hits}
    by_kind: dict[str, dict[str, Ref]] = {}
    for ref, parts in refs.items():
        by_kind.setdefault(parts.kind, {})[ref] = parts
    found: dict[str, Shown] = {}
    for kind, loader in _LOADERS.items():
        if kind in by_kind:
            found |= loader(by_kind[kind], pages, asked)
    return [found[hit.ref] for hit in hits if hit.ref in found]


# Documents -----------------------------------------------------------------------------------
def _documents(refs: dict[str, Ref], pages: dict[str, int], asked: Asked) -> dict[str, Shown]:
    documents: dict[UUID, Document] = {
        document.uuid: document
        for document in Document.objects.visible_to(asked.viewer)
        .filter(uuid__in=[ref.key for ref in refs.values()])
        .select_related("owner", "workspace", "current_version__extraction")
    }
    audiences = {
        row.document_id: row
        for row in DocumentAudience.objects.in_force().filter(document__in=documents.values())
    }
    owners = organisations_seen((d.owner.uuid for d in documents.values()), asked.viewer)
    texts = _page_texts(refs, pages, documents)
    shown = {}
    for ref, parts in refs.items():
        document = documents.get(parts.key)
        audience = audiences.get(document.pk) if document is not None else None
        if document is None or audience is None:
            continue
        shown[ref] = _document(document, audience, owners, texts.get(document.pk), asked)
    return shown


def _page_texts(
    refs: dict[str, Ref], pages: dict[str, int], documents: dict[UUID, Document]
) -> dict[int, DocumentPage]:
    """The one page of each document that hit, or its first."""
    wanted = Q()
    for ref, parts in refs.items():
        document = documents.get(parts.key)
        if document is not None and document.current_version_id is not None:
            number = pages[ref] or 1
            wanted |= Q(version_id=document.current_version_id, number=number)
    if not wanted:
        return {}
    by_version = {document.current_version_id: document.pk for document in documents.values()}
    found = DocumentPage.objects.filter(wanted)
    return {by_version[page.version_id]: page for page in found}


def _document(
    document: Document,
    audience: DocumentAudience,
    owners: dict[UUID, Organisation],
    page: DocumentPage | None,
    asked: Asked,
) -> Shown:
    url = reverse("documents:document", args=[document.uuid])
    version = document.current_version
    words = Snippet()
    if page is not None:
        words = snippet(page.text, page_language(document, page), asked.wanted)
    hit = page is not None and any(piece.marked for piece in words.pieces)
    number = page.number if page is not None and hit else 0
    place = {"page": str(number)} | ({"q": asked.text} if asked.text else {})
    extraction = getattr(version, "extraction", None)
    return Shown(
        kind="document",
        uuid=document.uuid,
        thing=document,
        title=document.title,
        language=document.language,
        url=url,
        snippet=words,
        date=document.date or document.created.date(),
        rung=audience.rung,
        child_data=audience.child_data,
        organisation=owners.get(document.owner.uuid),
        workspace=(
            document.workspace if document.workspace.uuid in asked.viewer.workspaces else None
        ),
        media=str(kind_of(version.media_type).name) if version is not None else "",
        page_count=extraction.page_count if extraction is not None else 0,
        page=number,
        anchor=page.anchor if page is not None else "",
        page_url=f"{url}?{urlencode(place)}" if number else "",
    )


# Articles ------------------------------------------------------------------------------------
def _articles(refs: dict[str, Ref], pages: dict[str, int], asked: Asked) -> dict[str, Shown]:
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
    publishers = organisations_seen((a.publisher.uuid for a in found.values()), asked.viewer)
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
            snippet=snippet(_without_pictures(article), article.language, asked.wanted),
            date=article.date,
            rung=str(levels.get(parts.key, "")),
            organisation=publishers.get(article.publisher.uuid),
        )
    return shown


def _without_pictures(article: ArticlePage) -> str:
    """The words of an article, read without asking the database for its pictures."""
    body = article.body
    kept = [block for block in body.raw_data if block["type"] != "image"]
    article.body = StreamValue(body.stream_block, kept, is_lazy=True)
    return article_words(article)


# Organisations -------------------------------------------------------------------------------
def _organisations(refs: dict[str, Ref], pages: dict[str, int], asked: Asked) -> dict[str, Shown]:
    seen = {
        organisation.uuid: organisation
        for organisation in Organisation.objects.visible_to(asked.viewer)
        .filter(uuid__in=[ref.key for ref in refs.values()])
        .prefetch_related("countries")
    }
    return {
        ref: Shown(
            kind="organisation",
            uuid=parts.key,
            thing=seen[parts.key],
            title=seen[parts.key].name,
            language=seen[parts.key].name_language,
            url=reverse("network:organisation", args=[seen[parts.key].slug]),
            snippet=Snippet(),
            rung="public" if seen[parts.key].listed else "network",
        )
        for ref, parts in refs.items()
        if parts.key in seen
    }


_LOADERS = {"document": _documents, "article": _articles, "organisation": _organisations}
