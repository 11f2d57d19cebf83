"""What somebody without an account sees who was sent a link to a document.

Invariant: before the password nothing is told, not even whether there is such a link: unknown,
revoked, expired and used-up ones are one page. After it the holder is a viewer with the link's
label and no other, for half an hour, by a signed cookie that names this link alone.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.documents.downloads import download_response, visible_version
from coalitions.documents.forms.links import PasswordForm
from coalitions.documents.linked import viewer_for_link
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentLink
from coalitions.documents.services.linking import digest_of, open_link
from coalitions.documents.services.viewing import record_view_by_link
from coalitions.documents.tries import give_back, take_try

PASS_LASTS: Final = 30 * 60
_SALT = "coalitions.documents.link"
View = Callable[..., HttpResponseBase]


def _unlisted(view: View) -> View:
    """Keep the page out of caches, search engines and what other sites are told."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # Not `no-referrer`: with it browsers send the form without the origin that CSRF asks for.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@_unlisted
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for the password, whatever the address."""
    return _ask(request, PasswordForm(initial={"secret": secret}))


@sensitive_post_parameters("password", "secret")
@_unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def open_by_password(request: HttpRequest) -> HttpResponse:
    """Take the password: open the document, or ask again."""
    if request.method != "POST":
        return _ask(request, None)
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    secret = form.cleaned_data["secret"]
    tried = take_try(request, digest_of(secret))
    if tried is None:
        form.add_error(None, _("Too many tries. Wait five minutes and try again."))
        return _ask(request, form, status=429)
    found = open_link(secret, form.cleaned_data["password"])
    if found is None:
        form.add_error(
            "password",
            _(
                "This opens nothing. Check the password and the address. A link ends after some "
                "time or some downloads: ask whoever sent it for another one."
            ),
        )
        return _ask(request, form)
    give_back(tried)
    response = redirect("documents:outside", found.uuid)
    response.set_cookie(
        _cookie(found.uuid),
        signing.dumps(found.uuid.hex + secrets.token_hex(8), salt=_SALT),
        max_age=PASS_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _ask(request: HttpRequest, form: PasswordForm | None, status: int = 200) -> HttpResponse:
    return render(request, "documents/link_ask.html", {"form": form}, status=status)


def _cookie(uuid: UUID) -> str:
    return f"link-{uuid.hex}"


def _held(request: HttpRequest, uuid: UUID) -> DocumentLink:
    """Return the living link whose password this browser gave lately, or raise Http404."""
    try:
        named = signing.loads(
            request.COOKIES.get(_cookie(uuid), ""), salt=_SALT, max_age=PASS_LASTS
        )
    except signing.BadSignature:
        named = ""
    links = DocumentLink.objects.living().select_related("document", "version")
    found: DocumentLink | None = None
    # The rest tells one pass from another.
    if named[: len(uuid.hex)] == uuid.hex:
        found = links.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@_unlisted
@require_safe
def outside(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what the link opens: title, type, size; let it be downloaded."""
    held = _held(request, uuid)
    number = held.version.number if held.version else None
    version = visible_version(viewer_for_link(held), held.document.uuid, number)
    if request.method == "GET":
        record_view_by_link(link=held, version=version)
    context = {"link": held, "document": version.document, "version": version}
    return render(
        request, "documents/link_open.html", {**context, "kind": kind_of(version.media_type)}
    )


@_unlisted
@require_safe
def outside_download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Answer the file, and take it off the downloads that the link grants.

    Not to a browser that fetches ahead what nobody may ever ask for.
    """
    ahead = (request.headers.get("Sec-Purpose", ""), request.headers.get("Purpose", ""))
    if any("prefetch" in said.lower() for said in ahead):
        return HttpResponse(status=503)
    held = _held(request, uuid)
    viewer = viewer_for_link(held)
    return download_response(
        request,
        document_uuid=held.document.uuid,
        number=held.version.number if held.version else None,
        viewer=viewer,
        holder=sha256(request.COOKIES[_cookie(uuid)].encode()).hexdigest()[:32],
    )
