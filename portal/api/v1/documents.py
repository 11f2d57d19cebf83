"""Documents: those that the viewer may see, their versions, the text of their pages, their files.

Invariant: every address finds its document through `visible_to` first; the rest hangs on that.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from coalitions.access import Rung, Viewer
from coalitions.documents.checked import let_open
from coalitions.documents.libraries import Library
from coalitions.documents.models import Document, DocumentPage, DocumentVersion
from coalitions.documents.services.viewing import record_view
from coalitions.network.models import Coalition, Organisation
from portal.api.pagination import Order, paginate
from portal.api.schema import PAGING, answers, data_of, page_of
from portal.api.v1.base import ApiView
from portal.api.v1.document_data import DocumentSerializer, PageSerializer, VersionSerializer
from portal.api.v1.parameters import (
    Filter,
    article_number,
    code,
    country,
    instant,
    narrow,
    one_of,
    read,
)
from portal.api.v1.surroundings import surroundings_of

NEWEST_FIRST = Order(("created", "uuid"), descending=True)
BY_NUMBER = Order(("number",))
FILTERS = (
    Filter(
        "language",
        "Send a code of a language of the content, such as fr.",
        one_of(*(code for code, _name in settings.LANGUAGES)),
        "language",
    ),
    Filter("type", "Send the code of a document type.", code, "type__code"),
    Filter("theme", "Send the code of a theme.", code, "themes__code"),
    Filter(
        "country",
        "Send a two-letter code of ISO 3166-1, such as NL.",
        country,
        "countries__code",
    ),
    Filter(
        "convention_article",
        "Send the number of an article of the Convention, from 1 to 54.",
        article_number,
        "articles__number",
    ),
    Filter(
        "changed_since",
        "Send an instant of ISO 8601, such as 2026-11-24T12:00:00Z.",
        instant,
        "changed__gte",
    ),
)
ORGANISATION = Filter("organisation", "Send the short name of the owner.", code, "owner__slug")

LIBRARY = Filter(
    "library",
    "Send network, public, or the identifier of a coalition.",
    lambda text: text if text in ("network", "public") else UUID(text),
    "",
)


def seen_by(viewer: Viewer) -> QuerySet[Document]:
    """Return the viewer's documents with what is written about each."""
    seen: QuerySet[Document] = (
        Document.objects.visible_to(viewer)
        .select_related("type", "current_version__extraction", "current_version__scan")
        .prefetch_related("themes", "articles", "countries")
    )
    return seen


def document_or_404(viewer: Viewer, uuid: UUID) -> Document:
    """Return the document, where the viewer may see it."""
    document = seen_by(viewer).filter(uuid=uuid).first()
    if document is None:
        raise Http404
    return document


def as_data(documents: Sequence[Document], viewer: Viewer, request: Request) -> Any:
    """Return documents as data."""
    around = surroundings_of(documents, viewer)
    return data_of(DocumentSerializer, documents, request=request, surroundings=around)


class DocumentList(ApiView):
    """The documents that you may see, the newest first."""

    @extend_schema(
        operation_id="documents",
        parameters=[*PAGING, *(one.parameter() for one in (*FILTERS, ORGANISATION, LIBRARY))],
        responses=answers(page_of(DocumentSerializer, "Document")),
    )
    def get(self, request: Request) -> Response:
        """List documents."""
        documents = narrow(seen_by(self.viewer), request, FILTERS)
        documents = self._of_organisation(documents, request)
        documents = self._of_library(documents, request)
        page = paginate(documents, request, NEWEST_FIRST, "documents")
        return Response(page.answer(as_data(page.items, self.viewer, request)))

    def _of_organisation(
        self, documents: QuerySet[Document], request: Request
    ) -> QuerySet[Document]:
        """Narrow by owner; one out of sight owns nothing here, as one that does not exist."""
        if "organisation" in request.query_params:
            seen = Organisation.objects.visible_to(self.viewer)
            documents = documents.filter(owner__in=seen)
        return narrow(documents, request, (ORGANISATION,))

    def _of_library(self, documents: QuerySet[Document], request: Request) -> QuerySet[Document]:
        """Narrow to a library; one that is not open is empty, as that of no coalition."""
        asked = read(request, LIBRARY)
        if asked is None:
            return documents
        if isinstance(asked, UUID):
            coalition = Coalition.objects.visible_to(self.viewer).filter(uuid=asked).first()
            if coalition is None:
                return documents.none()
            library = Library(Rung.COALITION, coalition)
        else:
            library = Library(Rung(asked))
        return documents.filter(pk__in=library.documents(self.viewer).values("pk"))


class DocumentDetail(ApiView):
    """One document."""

    @extend_schema(operation_id="document", responses=answers(DocumentSerializer))
    def get(self, request: Request, uuid: UUID) -> Response:
        """Show one document."""
        document = document_or_404(self.viewer, uuid)
        return Response(as_data([document], self.viewer, request)[0])


class VersionList(ApiView):
    """The versions of a document, the newest first."""

    @extend_schema(
        operation_id="versions",
        parameters=PAGING,
        responses=answers(page_of(VersionSerializer, "Version")),
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """List versions."""
        document = document_or_404(self.viewer, uuid)
        versions = DocumentVersion.objects.filter(document=document)
        versions = versions.select_related("extraction", "scan")
        order = Order(("number",), descending=True)
        page = paginate(versions, request, order, f"versions.{uuid}")
        documents = {document.pk: document}
        data = data_of(VersionSerializer, page.items, request=request, documents=documents)
        return Response(page.answer(data))


class PageList(ApiView):
    """The text of the pages of a version; without a number, of the present one."""

    @extend_schema(
        parameters=PAGING,
        responses=answers(page_of(PageSerializer, "Text")),
    )
    def get(self, request: Request, uuid: UUID, number: int | None = None) -> Response:
        """List the text of pages."""
        document = document_or_404(self.viewer, uuid)
        version = version_or_404(document, number)
        let_open(version)
        pages = DocumentPage.objects.readable().filter(version=version)
        page = paginate(pages, request, BY_NUMBER, f"pages.{uuid}.{version.number}")
        if request.method == "GET":
            # A token is nobody; a person who asks with their session has looked at it.
            record_view(acting_user=request.user, version=version)
        return Response(page.answer(data_of(PageSerializer, page.items)))


def version_or_404(document: Document, number: int | None) -> DocumentVersion:
    """Return a version of a document that the viewer may see; the present one without a number."""
    if number is None:
        version = document.current_version
    else:
        version = DocumentVersion.objects.filter(document=document, number=number).first()
    if version is None:
        raise Http404
    return version
