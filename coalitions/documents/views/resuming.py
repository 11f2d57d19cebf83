"""Sending a file in parts, by the tus 1.0 protocol: for a session, with its CSRF token.

Invariant: an upload is found among the person's own in a workspace to which they may add, at every
request; another's, one of elsewhere and one that is not there are the same 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from coalitions.documents import services
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.full import status_of
from coalitions.documents.models import Document, ResumableUpload
from coalitions.documents.permissions import let_contribute
from coalitions.documents.refusals import FileRefused
from coalitions.documents.uploads import asking, protocol
from coalitions.documents.uploads.pace import Busy, arriving, chunks_of
from coalitions.documents.uploads.parts import Held, NoRoom, Part, WrongChecksum, held, slot
from coalitions.documents.uploads.protocol import Refused
from coalitions.documents.views.finding import viewer_of, visible_workspace
from coalitions.documents.views.uploading import options_of
from coalitions.network.models import Workspace, WorkspaceMembership

View = Callable[..., HttpResponse]
State = ResumableUpload.State


def _speaks_tus(view: View) -> View:
    """Check the protocol's version, say ours, and put refusals into words."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refused as refused:
            response = _words(refused.status, refused.message)
            for name, value in refused.headers.items():
                response.headers[name] = value
        except services.UploadOver:
            response = _words(410, _("This upload was left for too long. Begin it again."))
        except Busy:
            response = _words(503, _("Many files are arriving at this moment. Go on in a moment."))
            response.headers["Retry-After"] = "5"
        except Held:
            response = _words(423, _("This file is being sent already. Wait for a moment."))
        if request.method == "HEAD":
            response.content = b""
        response.headers["Tus-Resumable"] = protocol.VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _words(status: int, message: Any) -> HttpResponse:
    return HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")


@_speaks_tus
def uploads(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """POST: begin an upload. OPTIONS: what is offered."""
    place, membership = _place(request, uuid)
    if request.method == "OPTIONS":
        return _offer()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST", "OPTIONS"])
    _check_version(request)
    try:
        chosen = asking.chosen_in(request, place, options_of(request, place, membership))
        if chosen.length <= settings.DOCUMENT_MAX_BYTES:
            asking.let_room(chosen.length)
        begun = services.begin_upload(acting_user=request.user, workspace=place, chosen=chosen)
    except FileRefused as refused:
        raise Refused(status_of(refused), refused.message) from refused
    except FolderRefused as refused:
        raise Refused(422, refused.message) from refused
    except services.NotOnLadder as refused:
        raise Refused(422, asking.words_of("audience")) from refused
    except services.TooManyUploads as refused:
        message = _("You have many unfinished uploads. Finish or cancel some of them first.")
        raise Refused(429, message) from refused
    with held(begun.uuid):  # its file is made
        pass
    response = HttpResponse(status=201)
    response.headers["Location"] = reverse("documents:resume", args=[place.uuid, begun.uuid])
    return _dated(response, begun)


@_speaks_tus
def resume(request: HttpRequest, uuid: UUID, upload: UUID) -> HttpResponse:
    """HEAD: how far it is. PATCH: the next part. DELETE: give it up. GET: what became of it."""
    place, _membership = _place(request, uuid)
    found = ResumableUpload.objects.visible_to(viewer_of(request)).filter(
        workspace=place, uuid=upload
    )
    mine = found.select_related("workspace", "organisation", "folder", "version__document").first()
    if mine is None:
        raise Http404
    method = _method(request)
    if method == "OPTIONS":
        return _offer()
    if method == "GET":
        return _outcome(request, mine)
    if method not in _METHODS:
        return HttpResponseNotAllowed([*_METHODS, "GET", "OPTIONS"])
    _check_version(request)
    return _METHODS[method](request, mine)


def _method(request: HttpRequest) -> str:
    """Return what is asked; a POST may stand for what a proxy on the way does not let through."""
    asked = request.method or ""
    override = request.headers.get("X-HTTP-Method-Override", "").upper()
    return override if asked == "POST" and override in _METHODS else asked


def _head(_request: HttpRequest, upload: ResumableUpload) -> HttpResponse:
    _let_live(upload)
    response = HttpResponse(content_type=None)
    response.headers["Upload-Offset"] = str(_size(upload))
    response.headers["Upload-Length"] = str(upload.length)
    if upload.metadata:
        response.headers["Upload-Metadata"] = upload.metadata
    return _dated(response, upload)


def _size(upload: ResumableUpload) -> int:
    if upload.state != State.SENDING:
        return upload.length
    with _held(upload) as part:
        return part.size if upload.state == State.SENDING else upload.length


@contextmanager
def _held(upload: ResumableUpload) -> Iterator[Part]:
    """Lock its bytes, and read its row anew: another request may have ended it meanwhile."""
    with held(upload.uuid) as part:
        try:
            upload.refresh_from_db(fields=["state", "refusal", "offset", "expires"])
        except ResumableUpload.DoesNotExist:
            part.remove()
            raise Http404 from None
        if upload.state != State.SENDING:
            part.remove()
        yield part


def _patch(request: HttpRequest, upload: ResumableUpload) -> HttpResponse:
    _let_live(upload)
    if request.content_type != protocol.PART_TYPE:
        raise Refused(415, _("A part must be sent as %s.") % protocol.PART_TYPE)
    if request.headers.get("Transfer-Encoding"):
        raise Refused(411, _("The length of a part must be said."))
    offset = protocol.number(request.headers.get("Upload-Offset"), "Upload-Offset")
    length = protocol.number(request.headers.get("Content-Length") or "0", "Content-Length")
    check = protocol.checksum(request.headers.get("Upload-Checksum"))
    if upload.state == State.SENDING:
        with arriving(), slot(request.user.pk or 0), _held(upload) as part:
            if upload.state != State.SENDING:
                raise Held
            _append(request, upload, part, offset, length, check)
            if part.size == upload.length:
                _finish(request, upload, part)
            else:
                services.note_progress(upload=upload, part=part)
            told = part.size
    else:
        told = upload.length
        _let_begin_at(offset, told, length, upload)
    if upload.state == State.REFUSED:
        raise Refused(422, asking.words_of(upload.refusal))
    response = HttpResponse(status=204)
    response.headers["Upload-Offset"] = str(told)
    return _dated(response, upload)


def _finish(request: HttpRequest, upload: ResumableUpload, part: Part) -> None:
    try:
        services.finish_upload(acting_user=request.user, upload=upload, part=part)
    except FileRefused as full:  # it has come whole, and waits for room
        raise Refused(status_of(full), full.message) from full


def _append(
    request: HttpRequest,
    upload: ResumableUpload,
    part: Part,
    offset: int,
    length: int,
    check: protocol.Checksum | None,
) -> None:
    _let_begin_at(offset, part.size, length, upload)
    if length:
        asking.let_room(length)
    try:
        part.append(chunks_of(request), check)
    except NoRoom as full:
        raise asking.no_room() from full
    except WrongChecksum as wrong:
        raise Refused(460, _("This part was damaged on its way. Send it again.")) from wrong


def _let_begin_at(offset: int, size: int, length: int, upload: ResumableUpload) -> None:
    if offset != size:
        message = _("The next part begins elsewhere. Ask where, and go on there.")
        raise Refused(409, message, **{"Upload-Offset": str(size)})
    if offset + length > upload.length:
        raise Refused(413, _("This part is longer than what is left of the file."))


def _delete(_request: HttpRequest, upload: ResumableUpload) -> HttpResponse:
    with _held(upload) as part:
        services.give_up_upload(upload=upload, part=part)
    return HttpResponse(status=204)


_METHODS: dict[str, Callable[[HttpRequest, ResumableUpload], HttpResponse]] = {
    "HEAD": _head,
    "PATCH": _patch,
    "DELETE": _delete,
}


def _outcome(request: HttpRequest, upload: ResumableUpload) -> HttpResponse:
    """Say what became of it; a document is named to whoever may see it."""
    told: dict[str, Any] = {"state": upload.state, "offset": upload.offset, "message": ""}
    if upload.state == State.REFUSED:
        told["message"] = asking.words_of(upload.refusal)
    version = upload.version
    seen = Document.objects.visible_to(viewer_of(request))
    if version is not None and seen.filter(pk=version.document_id).exists():
        told["url"] = reverse("documents:document", args=[version.document.uuid])
        told["reference"] = version.document.reference
        if upload.state == State.HERE:
            told["message"] = _("It is %(reference)s, version %(number)s.") % {
                "reference": version.document.reference,
                "number": version.number,
            }
    return JsonResponse(told)


def _place(request: HttpRequest, uuid: UUID) -> tuple[Workspace, WorkspaceMembership]:
    place = visible_workspace(request, uuid)
    return place, let_contribute(request.user, place)


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != protocol.VERSION:
        message = _("This version of the protocol is not spoken here.")
        raise Refused(412, message, **{"Tus-Version": protocol.VERSION})


def _let_live(upload: ResumableUpload) -> None:
    if upload.expires <= timezone.now():
        raise Refused(410, _("This upload was left for too long. Begin it again."))


def _offer() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Tus-Version"] = protocol.VERSION
    response.headers["Tus-Extension"] = protocol.EXTENSIONS
    response.headers["Tus-Max-Size"] = str(settings.DOCUMENT_MAX_BYTES)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(protocol.ALGORITHMS)
    return response


def _dated(response: HttpResponse, upload: ResumableUpload) -> HttpResponse:
    response.headers["Upload-Expires"] = http_date(upload.expires.timestamp())
    return response
