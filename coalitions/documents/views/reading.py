"""The page of a document: what it says, who can see it, what can be done with it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalitions.access import Rung
from coalitions.documents.download_log import downloads_of
from coalitions.documents.labels import ladder_of
from coalitions.documents.linked import living_count
from coalitions.documents.models import DocumentVersion
from coalitions.documents.pages import page_context
from coalitions.documents.permissions import (
    Rights,
    may_move,
    neighbours,
    open_to_others,
    rights_on,
)
from coalitions.documents.planned import falls_back
from coalitions.documents.reach import Reach
from coalitions.documents.reserved import may_lift, told_of
from coalitions.documents.services.trashing import state_of
from coalitions.documents.services.viewing import record_view
from coalitions.documents.tree import Tree
from coalitions.documents.views.asking import waiting_on
from coalitions.documents.views.finding import context_for, page_title, viewer_of, visible_document
from coalitions.documents.views.provenance import provenance
from coalitions.network.models import Programme
from coalitions.network.querysets import people_visible_to
from coalitions.network.sight import seen_organisations

LATEST_DOWNLOADS = 5
LATEST_VERSIONS = 5


@require_safe
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the current version; `?page=`, `?view=image|text|both`, `?q=` marks words."""
    found = visible_document(request, uuid)
    return _show(request, found, found.current_version)


@require_safe
def version(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Show one version, at its permanent address."""
    found = visible_document(request, uuid)
    shown = found.versions.filter(number=number).select_related("extraction", "scan").first()
    if shown is None:
        raise Http404
    return _show(request, found, shown)


def _show(request: HttpRequest, found: Any, shown: DocumentVersion | None) -> HttpResponse:
    viewer = viewer_of(request)
    rights = rights_on(request.user, found, viewer)
    ladder = ladder_of(found, child_data=found.child_data)
    context = {
        **context_for(request, found),
        "page_title": page_title(found),
        "shown": shown,
        "is_current": shown is None or shown.pk == found.current_version_id,
        "rights": rights,
        "state": state_of(found),
        **_audience(request, found, rights, ladder),
        **_place(request, found, rights),
        **_reservation(request, found, rights),
        **_facts(request, found),
        **provenance(request, found),
    }
    if shown is not None:
        context |= page_context(request, found, shown)
    if rights.as_owner:
        context["living_links"] = living_count(found)
        context["downloads"], context["download_count"] = downloads_of(
            found, viewer, LATEST_DOWNLOADS
        )
    context |= waiting_on(request, found, rights, ladder)
    if shown is not None and request.method == "GET":
        record_view(acting_user=request.user, version=shown)
    return render(request, "documents/document.html", context)


def _place(request: HttpRequest, found: Any, rights: Rights) -> dict[str, Any]:
    """Return the folder for those who see the workspace, in a query where it has one."""
    if found.workspace.uuid not in viewer_of(request).workspaces:
        return {"path": [], "may_move": False}
    path = Tree.of(found.workspace).path(found.folder) if found.folder_id else []
    return {"path": path, "may_move": may_move(request.user, found, rights)}


def _reservation(request: HttpRequest, found: Any, rights: Rights) -> dict[str, Any]:
    """Return who edits the document, for those who are told, and whether they may lift it."""
    told = told_of(found, viewer_of(request))
    lifts = told is not None and may_lift(request.user, found, rights, told.holder)
    return {"reservation": told, "may_lift": lifts}


def _audience(
    request: HttpRequest, found: Any, rights: Rights, ladder: tuple[Rung, ...]
) -> dict[str, Any]:
    """Return the ladder with words per rung, and the steps that this person may take."""
    reach = Reach(viewer_of(request), found.workspace, found.owner)
    back, further = neighbours(found.rung, ladder)
    # Which rungs there are tells what kind of place it is: outside, only the present one is told.
    inside = reach.sees_workspace or found.owner.uuid in reach.viewer.organisations
    told = ladder if inside and found.rung in ladder else (Rung(found.rung),)
    reached = told.index(Rung(found.rung))
    steps = [
        {"rung": step.rung.value, "words": step.words, "done": place <= reached}
        for place, step in enumerate(reach.steps(told))
    ]
    return {
        "ladder": steps,
        "step_back": back if rights.decide_audience else None,
        "step_further": further if rights.decide_audience else None,
        "falls_back": falls_back(found) if inside else None,
        "others_add": open_to_others(found),
        "shows_owner": reach.owner_is_visible,
    }


def _facts(request: HttpRequest, found: Any) -> dict[str, Any]:
    viewer = viewer_of(request)
    versions = list(
        found.versions.select_related("uploader", "organisation")[: LATEST_VERSIONS + 1]
    )
    named = set(
        people_visible_to(viewer)
        .filter(pk__in={row.uploader_id for row in versions})
        .values_list("pk", flat=True)
    )
    others = {row.organisation_id for row in versions} - {found.owner_id}
    programme = found.programme
    if programme and not Programme.objects.visible_to(viewer).filter(pk=programme.pk).exists():
        programme = None
    related = type(found).objects.visible_to(viewer)
    return {
        "versions": versions[:LATEST_VERSIONS],
        "more_versions": len(versions) > LATEST_VERSIONS,
        "named_people": named,
        "named_organisations": seen_organisations(viewer, others),
        "programme": programme,
        "themes": found.themes.all(),
        "articles": found.articles.all(),
        "countries": found.countries.all(),
        "translation_of": related.filter(pk=found.translation_of_id).first()
        if found.translation_of_id
        else None,
        "translations": related.filter(translation_of=found).order_by("language", "pk"),
    }
