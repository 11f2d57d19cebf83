"""Links for outsiders, for those who decide for its owner: the list, a new one, the end.

Invariant: a link is found among those of a document that the viewer sees and decides about. The
address of a new one is on the page that answers its form, and nowhere after that.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.documents.forms.links import LinkForm
from coalitions.documents.linked import links_listed
from coalitions.documents.models import DocumentLink
from coalitions.documents.services.linking import LinkRefused, make_link, revoke_link
from coalitions.documents.views.finding import context_for, rights_or_refuse, visible_document


@require_safe
def links(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show all links of the document and what became of them."""
    found = _decided(request, uuid)
    return render(
        request,
        "documents/links.html",
        context_for(request, found, listed=links_listed(found), why_none=_why_none(found)),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say in words whom a link lets in; make it, and show its address once."""
    found = _decided(request, uuid)
    why_none = _why_none(found)
    if why_none:
        messages.warning(request, why_none)
        return redirect("documents:links", found.uuid)
    sent = request.POST if request.method == "POST" else None
    form = LinkForm(sent, number=found.current_version.number)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = make_link(
                acting_user=request.user,
                document=found,
                terms=form.terms(),
                submission=form.submitted,
            )
        except LinkRefused as refused:
            messages.warning(request, refused.message)
            return redirect("documents:links", found.uuid)
        address = request.build_absolute_uri(reverse("documents:link", args=[secret]))
        return render(
            request,
            "documents/link_made.html",
            context_for(
                request,
                found,
                made=made,
                address=address,
                password=form.cleaned_data["password"],
            ),
        )
    return render(
        request,
        "documents/link_new.html",
        context_for(request, found, form=form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_link(request: HttpRequest, uuid: UUID, link: UUID) -> HttpResponse:
    """Say what revoking does and what it cannot undo; then do it."""
    found = _decided(request, uuid)
    row: DocumentLink | None = found.links.filter(uuid=link).select_related("version").first()
    if row is None:
        raise Http404
    if request.method == "POST":
        if revoke_link(acting_user=request.user, link=row):
            messages.success(request, _("The link was revoked. It opens nothing any more."))
        else:
            messages.info(request, _("This link had ended already."))
        return redirect("documents:links", found.uuid)
    if row.has_ended:
        return redirect("documents:links", found.uuid)
    return render(request, "documents/link_end.html", context_for(request, found, link=row))


def _decided(request: HttpRequest, uuid: UUID) -> Any:
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "as_owner")
    return found


def _why_none(found: Any) -> str:
    """Return in words why no link can be made now; empty where one can."""
    if not settings.LINKS_FOR_OUTSIDERS:
        return LinkRefused("off").message
    if found.child_data:
        return LinkRefused("child-data").message
    return ""
