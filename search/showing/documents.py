"""Documents that were found, with their best pages.

Invariant: a workspace is named only to its members, an owner only to those who may see it; the
pages of all hits are fetched together, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from coalitions.documents.media_types import kind_of
from coalitions.documents.models import Document, DocumentAudience, DocumentPage
from coalitions.language import Snippet
from search.engines.base import Hit
from search.indexed import Ref
from search.seeing import organisation_seen
from search.showing.things import Asked, PageShown, Shown, is_marked, page_shown

_WITH: Final = (
    "document__owner",
    "document__workspace",
    "document__current_version__extraction",
)
Pages = Mapping[int, DocumentPage]

# What a result shows. The rows are wide, and ten of them are made for each page of results.
_COLUMNS: Final = (
    *("uuid", "reference", "title", "language", "date", "created"),
    *("owner__uuid", "owner__slug", "owner__names", "owner__listed"),
    *("workspace__uuid", "workspace__name", "workspace__language"),
    *("current_version__media_type", "current_version__extraction__page_count"),
)


def show_documents(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], asked: Asked
) -> dict[str, Shown]:
    """Those of the documents that may be seen, by ref."""
    # A document with its audience, from that end, is one question.
    audiences: dict[UUID, DocumentAudience] = {
        audience.document.uuid: audience
        for audience in DocumentAudience.objects.visible_to(asked.viewer)
        .filter(document__uuid__in=[ref.key for ref in refs.values()])
        .select_related(*_WITH)
        .only("rung", "child_data", *(f"document__{column}" for column in _COLUMNS))
        .order_by()
    }
    documents = {uuid: audience.document for uuid, audience in audiences.items()}
    texts = _page_texts(refs, hits, documents)
    shown = {}
    for ref, parts in refs.items():
        audience = audiences.get(parts.key)
        if audience is None:
            continue
        pages = texts.get(audience.document.current_version_id, {})
        shown[ref] = _document(audience, pages, hits[ref], asked)
    return shown


def _page_texts(
    refs: Mapping[str, Ref], hits: Mapping[str, Hit], documents: Mapping[UUID, Document]
) -> dict[int | None, dict[int, DocumentPage]]:
    """The best pages of each document by version and number, and the first of what has none."""
    wanted = {
        (document.current_version_id, number)
        for ref, parts in refs.items()
        if (document := documents.get(parts.key)) is not None
        and document.current_version_id is not None
        for number in hits[ref].pages or (1,)
    }
    found: dict[int | None, dict[int, DocumentPage]] = {}
    # Keys before texts: one condition for each document costs more than the second question.
    near = DocumentPage.objects.readable().filter(
        version__in={version for version, _ in wanted}, number__in={n for _, n in wanted}
    )
    rows = near.order_by().values_list("pk", "version", "number")
    keys = [pk for pk, *place in rows if tuple(place) in wanted]
    for page in DocumentPage.objects.filter(pk__in=keys).order_by():
        found.setdefault(page.version_id, {})[page.number] = page
    return found


def _document(
    audience: DocumentAudience,
    pages: Pages,
    hit: Hit,
    asked: Asked,
) -> Shown:
    document = audience.document
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
        organisation=organisation_seen(document.owner, asked.viewer),
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
