"""Documents that were found, with their best pages.

Invariant: a workspace is named only to its members, an owner only to those who may see it; one
query fetches the pages of all hits.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from coalitions.documents.media_types import kind_of
from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.language import Snippet
from coalitions.network.models import Organisation
from search.engines.base import Hit
from search.indexed import Ref
from search.seeing import organisations_seen
from search.showing.things import Asked, PageShown, Shown, is_marked, page_shown

Pages = Mapping[int, DocumentPage]


def show_documents(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], asked: Asked
) -> dict[str, Shown]:
    """Those of the documents that may be seen, by ref."""
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
    texts = _page_texts(refs, hits, documents)
    shown = {}
    for ref, parts in refs.items():
        document = documents.get(parts.key)
        audience = audiences.get(document.pk) if document is not None else None
        if document is None or audience is None:
            continue
        pages = texts.get(document.current_version_id, {})
        shown[ref] = _document(document, audience, owners, pages, hits[ref], asked)
    return shown


def _page_texts(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], documents: Mapping[UUID, Document]
) -> dict[int | None, dict[int, DocumentPage]]:
    """The best pages of each document by version and number, and the first of what has none."""
    wanted = Q()
    for ref, parts in refs.items():
        document = documents.get(parts.key)
        if document is not None and document.current_version_id is not None:
            numbers = hits[ref].pages or (1,)
            wanted |= Q(version_id=document.current_version_id, number__in=numbers)
    found: dict[int | None, dict[int, DocumentPage]] = {}
    for page in DocumentPage.objects.filter(wanted) if wanted else ():
        found.setdefault(page.version_id, {})[page.number] = page
    return found


def _document(
    document: Document,
    audience: DocumentAudience,
    owners: Mapping[UUID, Organisation],
    pages: Pages,
    hit: Hit,
    asked: Asked,
) -> Shown:
    url = reverse("documents:document", args=[document.uuid])
    version = document.current_version
    numbers = [number for number in (hit.pages or (1,)) if number in pages]
    best = [page_shown(document, pages[number], url, asked) for number in numbers]
    marked = tuple(page for page in best if is_marked(page.snippet))
    extraction = getattr(version, "extraction", None)
    return Shown(
        kind="document",
        uuid=document.uuid,
        thing=document,
        title=document.title,
        language=document.language,
        url=url,
        snippet=_words(marked or tuple(best)),
        date=document.date or document.created.date(),
        rung=audience.rung,
        child_data=audience.child_data,
        organisation=owners.get(document.owner.uuid),
        workspace=(
            document.workspace if document.workspace.uuid in asked.viewer.workspaces else None
        ),
        media=str(kind_of(version.media_type).name) if version is not None else "",
        page_count=extraction.page_count if extraction is not None else 0,
        anchor=best[0].anchor if best else "",
        pages=marked,
        inside_url=_inside(document, asked) if len(marked) > 1 else "",
    )


def _words(pages: tuple[PageShown, ...]) -> Snippet:
    return pages[0].snippet if pages else Snippet()


def _inside(document: Document, asked: Asked) -> str:
    address = reverse("search:inside", args=[document.uuid])
    return f"{address}?{urlencode({'q': asked.text})}"
