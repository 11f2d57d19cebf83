"""The versions of a document: their list, two compared, an old one restored."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.documents import services
from coalitions.documents.checked import why_closed
from coalitions.documents.comparison import Comparison, with_pages
from coalitions.documents.forms.versions import CompareForm, RestoreForm
from coalitions.documents.media_types import kind_of
from coalitions.documents.models import DocumentPage, DocumentVersion
from coalitions.documents.permissions import rights_on
from coalitions.documents.reserved import told_of
from coalitions.documents.services import DocumentReserved, VersionRefused
from coalitions.documents.services.viewing import record_view
from coalitions.documents.views.finding import (
    context_for,
    rights_or_refuse,
    viewer_of,
    visible_document,
)
from coalitions.network.models import Organisation
from coalitions.network.querysets import people_visible_to

PER_PAGE = 50
ROWS_PER_PAGE = 150
CHOICES = 200


@require_safe
def versions(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """List the versions, the newest first; `?old=` and `?new=` lead to their comparison."""
    found = visible_document(request, uuid)
    latest = list(found.versions.all()[:CHOICES])
    if "old" in request.GET or "new" in request.GET:
        chosen = CompareForm(request.GET, versions=latest)
        if chosen.is_valid():
            return redirect(_comparison(found, **chosen.cleaned_data))
    page = Paginator(_with_anchors(found.versions), PER_PAGE).get_page(request.GET.get("page"))
    rights = rights_on(request.user, found, viewer_of(request))
    return render(
        request,
        "documents/versions.html",
        context_for(
            request,
            found,
            page_obj=page,
            rows=_rows(request, list(page.object_list)),
            rights=rights,
            reservation=told_of(found, viewer_of(request)),
            compare_form=_offered(latest) if len(latest) > 1 else None,
        ),
    )


def _with_anchors(rows: Any) -> "QuerySet[DocumentVersion]":
    pages = DocumentPage.objects.filter(version=OuterRef("pk")).order_by("number")
    found: QuerySet[DocumentVersion] = rows.select_related(
        "uploader", "organisation", "extraction", "scan"
    ).annotate(anchor=Subquery(pages.values("anchor")[:1]))
    return found


def _rows(request: HttpRequest, found: list[DocumentVersion]) -> list[dict[str, Any]]:
    """Return each version with what this viewer may know of who added it."""
    viewer = viewer_of(request)
    people = people_visible_to(viewer).filter(pk__in={row.uploader_id for row in found})
    organisations = Organisation.objects.visible_to(viewer).filter(
        pk__in={row.organisation_id for row in found}
    )
    named = set(people.values_list("pk", flat=True))
    known = set(organisations.values_list("pk", flat=True))
    return [
        {
            "version": row,
            "kind": kind_of(row.media_type),
            "pages": row.extraction.page_count if hasattr(row, "extraction") else 0,
            "closed": why_closed(row),
            "person": row.uploader.name if row.uploader_id in named else "",
            "organisation": row.organisation if row.organisation_id in known else None,
        }
        for row in found
    ]


def _offered(latest: list[DocumentVersion]) -> CompareForm:
    """Offer to compare the newest version with the one before it."""
    initial = {"old": latest[1].number, "new": latest[0].number}
    return CompareForm(versions=latest, initial=initial)


def _comparison(found: Any, old: int, new: int) -> str:
    return reverse("documents:compare", args=[found.uuid, old, new])


@require_safe
def compare(request: HttpRequest, uuid: UUID, old: int, new: int) -> HttpResponse:
    """Show what changed from the text of one version to that of another; `?view=side|inline`."""
    found = visible_document(request, uuid)
    chosen = {
        version.number: version
        for version in found.versions.filter(Q(number=old) | Q(number=new)).select_related(
            "extraction", "scan"
        )
    }
    if not {old, new} <= chosen.keys():
        raise Http404
    comparison = Comparison(chosen[old], chosen[new])
    rows = Paginator(comparison.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    latest = list(found.versions.all()[:CHOICES])
    side = request.GET.get("view") == "side"
    if request.method == "GET":
        for version in chosen.values():
            record_view(acting_user=request.user, version=version)
    return render(
        request,
        "documents/compare.html",
        context_for(
            request,
            found,
            old=chosen[old],
            new=chosen[new],
            comparison=comparison,
            counts={kind: comparison.count(kind) for kind in ("changed", "added", "removed")},
            page_obj=rows,
            rows=with_pages(list(rows.object_list)),
            side=side,
            turned_round=_comparison(found, new, old) + ("?view=side" if side else ""),
            compare_form=CompareForm(versions=latest, initial={"old": old, "new": new}),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restore_version(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Ask whether an old version shall be the newest again; then add it as such."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "add_version")
    old = found.versions.filter(number=number).select_related("extraction").first()
    newest = found.current_version
    if old is None or newest is None:
        raise Http404
    form = RestoreForm(request.POST or None, initial={"seen": newest.number})
    if request.method == "POST" and form.is_valid():
        try:
            added = services.restore_version(
                acting_user=request.user, document=found, number=number, **form.cleaned_data
            )
        except (VersionRefused, DocumentReserved) as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(
                request,
                _("Version %(old)s is the newest again, as version %(number)s.")
                % {"old": number, "number": added.number},
            )
            return redirect("documents:document", found.uuid)
    if form.is_bound:  # now the person sees what is the newest
        form.data = {**request.POST.dict(), "seen": str(newest.number)}
    return render(
        request,
        "documents/restore_version.html",
        context_for(
            request,
            found,
            form=form,
            old=old,
            newest=newest,
            kind=kind_of(old.media_type),
            reservation=told_of(found, viewer_of(request)),
        ),
    )
