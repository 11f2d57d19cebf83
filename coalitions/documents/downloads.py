"""The one place that answers files.

Invariant: the version is found through `visible_to(viewer)` at each request, is only ever an
attachment that no cache keeps, and its audit row is committed before the first byte leaves.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import IO, Any
from urllib.parse import quote
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import http_date

from coalitions.access import Viewer
from coalitions.documents.acting import organisation_acting
from coalitions.documents.checked import let_open
from coalitions.documents.linked import opens
from coalitions.documents.media_types import HTML, kind_of
from coalitions.documents.models import Document, DocumentVersion
from coalitions.documents.ranges import Span, Unsatisfiable, requested_range
from coalitions.documents.services.linking import LinkIsOver, take_download
from coalitions.network import audit
from coalitions.network.models import AuditEntry, Organisation

logger = logging.getLogger(__name__)

VERB = "document.downloaded"
ONE_DOWNLOAD = timedelta(hours=1)
# By a link: pressed twice, or begun anew by the browser.
SAME_DOWNLOAD = timedelta(minutes=1)
_BLOCK = 256 * 1024


def download_response(
    request: HttpRequest,
    *,
    document_uuid: UUID,
    number: int | None,
    viewer: Viewer,
    actor: Any | None = None,
    acting_organisation: Organisation | None = None,
    holder: str = "",
) -> HttpResponseBase:
    """Answer the file of version `number`, the present one when None, or raise Http404.

    `actor`: the signed-in person, None for tokens and strangers. `acting_organisation`: that of
    the token; a person's own is looked up. `?name=neutral` gives a name that tells nothing.
    The holder of a link gets whole files, each of which counts; what the same `holder` asks for
    again within SAME_DOWNLOAD is one.
    """
    version, file = _opened(viewer, document_uuid, number)
    try:
        span = None if viewer.links else _range(request, version)
    except Unsatisfiable:
        file.close()
        response: HttpResponseBase = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{version.size}"
        return _with_headers(response, version, request)
    if request.method == "HEAD":
        file.close()
        response = HttpResponse(status=206 if span else 200)
    else:
        with transaction.atomic():
            link = _link_used(viewer, version, file, holder)
            partial = span is not None
            if link is not None:
                _audit(version, viewer, actor, acting_organisation, partial=partial, **link)
        whole = span or Span(0, version.size)
        response = StreamingHttpResponse(_blocks(file, whole), status=206 if span else 200)
    if span is not None:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{version.size}"
    response.headers["Content-Length"] = str(span.length if span else version.size)
    _with_headers(response, version, request)
    if viewer.links:
        response.headers["Accept-Ranges"] = "none"
    return response


def _link_used(
    viewer: Viewer, version: DocumentVersion, file: IO[bytes], holder: str
) -> dict[str, str] | None:
    """Take one download off the viewer's link, if it is one; return what the audit keeps of it.

    None where it is the same download as the last.
    """
    if not viewer.links:
        return {}
    same = AuditEntry.objects.filter(
        verb=VERB,
        object_kind=DocumentVersion._meta.label_lower,
        object_uuid=version.uuid,
        at__gt=timezone.now() - SAME_DOWNLOAD,
        details__holder=holder,
    )
    try:
        link = take_download(viewer, version.document, same if holder else None)
    except LinkIsOver as error:
        file.close()
        raise Http404 from error
    if link is None:
        return None
    return {"link": str(link), **({"holder": holder} if holder else {})}


def version_for_archive(
    viewer: Viewer, document_uuid: UUID, *, actor: Any | None, archive: UUID
) -> tuple[DocumentVersion, Iterator[bytes]]:
    """Return the present version of a document and its bytes, audited, or raise Http404.

    `archive`: which ZIP it goes into; it stands in the audit row of each of its documents.
    """
    version, file = _opened(viewer, document_uuid, None)
    _audit(version, viewer, actor, None, partial=False, archive=str(archive))
    return version, _blocks(file, Span(0, version.size))


def _opened(
    viewer: Viewer, document_uuid: UUID, number: int | None
) -> tuple[DocumentVersion, IO[bytes]]:
    """Find the version and open its file; once more where that was exchanged in between."""
    missed = ""
    while True:
        version = visible_version(viewer, document_uuid, number)
        name = version.file.name or ""
        if name == missed:
            logger.error("The file of version %s is missing", version.uuid)
            raise Http404
        try:
            return version, version.file.storage.open(name, "rb")
        except FileNotFoundError:
            # Whoever takes names out of a file removes the old one when the new one is in force.
            if missed:
                raise Http404 from None
            missed = name


def visible_version(viewer: Viewer, document_uuid: UUID, number: int | None) -> DocumentVersion:
    """Return a version of a document that `viewer` may see, or raise Http404.

    `number`: None for the present one. Raises FileClosed where its file is not given out.
    """
    which = Q(number=number) if number is not None else Q(current_of__isnull=False)
    version = (
        DocumentVersion.objects.filter(
            which, document__in=Document.objects.visible_to(viewer).filter(uuid=document_uuid)
        )
        .select_related("document__workspace", "scan")
        .first()
    )
    if version is None or (viewer.links and not opens(viewer, version)):
        raise Http404
    let_open(version)
    return version


def _range(request: HttpRequest, version: DocumentVersion) -> Span | None:
    header = request.headers.get("Range")
    if not header:
        return None
    condition = request.headers.get("If-Range", "").strip()
    # Not the time: a version keeps its own when names are taken out of its file.
    if condition and condition != _etag(version):
        return None
    return requested_range(header, version.size)


def _etag(version: DocumentVersion) -> str:
    # Not the checksum: it would tell who holds the same file that they do. The name in the storage
    # is another one once the bytes are; with the uuid, because documents may share a stored file.
    which = f"{version.uuid} {version.file.name}"
    return f'"{sha256(which.encode()).hexdigest()[:32]}"'


def _with_headers(
    response: HttpResponseBase, version: DocumentVersion, request: HttpRequest
) -> HttpResponseBase:
    neutral = request.GET.get("name") == "neutral"
    name = neutral_name(version) if neutral else version.name
    kind = kind_of(version.media_type)
    charset = "; charset=utf-8" if kind.family == "text" else ""
    # HTML from strangers never gets a type that a browser would run.
    media_type = "application/octet-stream" if kind is HTML else kind.media_type + charset
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = _etag(version)
    response.headers["Last-Modified"] = http_date(version.created.timestamp())
    return response


def attachment(name: str) -> str:
    """Return Content-Disposition of RFC 6266: an ASCII name for old clients, then the true one."""
    clean = "".join(char for char in name if char.isprintable()) or "file"
    plain = clean.encode("ascii", "replace").decode("ascii").replace("?", "_")
    plain = plain.replace("\\", "_").replace('"', "_").replace("%", "_")
    encoded = quote(clean, safe="!#$&+-.^_`|~", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def neutral_name(version: DocumentVersion) -> str:
    """Return a file name that tells nothing but which version of which document it is."""
    ending = kind_of(version.media_type).endings[0]
    return f"{version.document.reference}-{version.number}{ending}"


def _blocks(file: IO[bytes], span: Span) -> Iterator[bytes]:
    with file:
        file.seek(span.start)
        left = span.length
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block


def _audit(
    version: DocumentVersion,
    viewer: Viewer,
    actor: Any | None,
    acting_organisation: Organisation | None,
    *,
    partial: bool,
    **details: str,
) -> None:
    """Write one row per download; the ranges of one download within ONE_DOWNLOAD are one."""
    organisation = acting_organisation
    if organisation is None and actor is not None:
        organisation = organisation_acting(actor, version.document.workspace)
    token = str(viewer.token_uuid) if viewer.token_uuid else None
    with transaction.atomic():
        if partial:
            # Two ranges asked at once wait for each other here.
            DocumentVersion.objects.select_for_update().get(pk=version.pk)
            same = AuditEntry.objects.filter(
                verb=VERB,
                object_kind=DocumentVersion._meta.label_lower,
                object_uuid=version.uuid,
                actor=getattr(actor, "uuid", None),
                at__gt=timezone.now() - ONE_DOWNLOAD,
            )
            mine = Q(details__token=token) if token else Q(details__token__isnull=True)
            if same.filter(mine).exists():
                return
        audit.record(
            VERB,
            acting_user=actor,
            acting_organisation=organisation,
            thing=version,
            document=str(version.document.uuid),
            **details,
            **({"token": token} if token else {}),
        )
