"""The documents of a workspace, folder by folder; making, renaming and moving folders.

Invariant: a folder is found among those of a workspace that the viewer may see, or not at all.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.filters import FOLDER_FILTERS
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.forms import FolderForm, MoveForm, NameForm
from coalitions.documents.listing import DocumentList
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import (
    arranges,
    let_contribute,
    may_arrange_folder,
    may_move,
    rights_on,
    uploading_membership,
)
from coalitions.documents.selection import acts_for
from coalitions.documents.tree import Tree
from coalitions.documents.views.finding import (
    context_for,
    folder_in,
    to_place,
    viewer_of,
    visible_document,
    visible_workspace,
)
from coalitions.documents.views.trashing import telling_of_trash
from coalitions.network.models import Workspace


@require_safe
def workspace(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what lies at the top of a workspace; `?in=all`: the documents of all its folders."""
    place = visible_workspace(request, uuid)
    return _show(request, place, Tree.of(place), None)


@require_safe
def folder(request: HttpRequest, uuid: UUID, folder: UUID) -> HttpResponse:
    """Show what lies in one folder; `?in=all`: the documents of those in it as well."""
    place, tree, found = _folder(request, uuid, folder)
    return _show(request, place, tree, found)


def _folder(request: HttpRequest, uuid: UUID, folder: UUID) -> tuple[Workspace, Tree, Folder]:
    place = visible_workspace(request, uuid)
    tree = Tree.of(place)
    found = tree.find(folder)
    if found is None:
        raise Http404
    return place, tree, found


def _show(request: HttpRequest, place: Workspace, tree: Tree, found: Folder | None) -> HttpResponse:
    viewer = viewer_of(request)
    everything = request.GET.get("in") == "all"
    whole = Document.objects.visible_to(viewer).filter(workspace=place)
    seen = whole
    if not everything:
        seen = seen.filter(folder=found)
    elif found is not None:
        seen = seen.filter(folder__in=[step.pk for step in tree.within(found)])
    listed = DocumentList(request, viewer, seen, FOLDER_FILTERS, choose_from=whole)
    folders = [] if everything else list(tree.below.get(found.pk if found else None, ()))
    membership = uploading_membership(request.user, place)
    return render(
        request,
        "documents/workspace.html",
        {
            "workspace": place,
            "folder": found,
            "path": tree.path(found),
            "folders": _counted(folders, whole),
            "has_folders": bool(tree.by_key),
            "everything": everything,
            "list": listed,
            "may_upload": membership is not None,
            "acts": acts_for(request.user, membership is not None),
            "may_arrange": found is not None and arranges(membership, found),
            "current_tab": "documents",
        },
    )


def _counted(folders: list[Folder], seen: QuerySet[Document]) -> list[Any]:
    """Return the folders, each with the number of documents in it that the viewer may see."""
    if not folders:
        return []
    counts = dict(
        seen.filter(folder__in=folders)
        .order_by()
        .values_list("folder")
        .annotate(number=Count("pk"))
    )
    return [{"folder": folder, "documents": counts.get(folder.pk, 0)} for folder in folders]


@require_http_methods(["GET", "HEAD", "POST"])
def new_folder(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make a folder at the top, or in the folder `?in=`."""
    place = visible_workspace(request, uuid)
    let_contribute(request.user, place)
    tree = Tree.of(place)
    parent = folder_in(tree, request.GET.get("in", ""))
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_folder(
                acting_user=request.user,
                workspace=place,
                name=form.cleaned_data["name"],
                parent=parent,
            )
        except FolderRefused as refused:
            form.add_error("name", refused.message)
        else:
            return redirect("documents:folder", place.uuid, made.uuid)
    return render(
        request,
        "documents/folder_new.html",
        {"workspace": place, "parent": parent, "path": tree.path(parent), "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_folder(request: HttpRequest, uuid: UUID, folder: UUID) -> HttpResponse:
    """Rename a folder, move it, or both."""
    place, tree, found = _folder(request, uuid, folder)
    if not may_arrange_folder(request.user, found):
        raise NotAllowed("Only coordinators and the organisation that made it change a folder.")
    form = FolderForm(request.POST or None, folder=found, tree=tree)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_folder(
                acting_user=request.user,
                folder=found,
                name=form.cleaned_data["name"],
                parent=form.parent,
                revision=form.cleaned_data["revision"],
            )
        except FolderRefused as refused:
            form.add_error("name" if refused.code == "taken" else None, refused.message)
        else:
            messages.success(request, _("The folder was changed."))
            return redirect("documents:folder", place.uuid, found.uuid)
    return render(
        request,
        "documents/folder_change.html",
        {"workspace": place, "folder": found, "path": tree.path(found), "form": form},
    )


@telling_of_trash
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a document into another folder of its workspace."""
    found = visible_document(request, uuid)
    rights = rights_on(request.user, found, viewer_of(request))
    if not may_move(request.user, found, rights):
        raise NotAllowed("Only the owner's people and coordinators move a document.")
    tree = Tree.of(found.workspace)
    here = tree.by_key.get(found.folder_id) if found.folder_id else None
    form = MoveForm(request.POST or None, folder=here, tree=tree)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_document(
                acting_user=request.user, document=found, folder=form.folder, seen_in=form.seen
            )
        except FolderRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(
                request, _("%(reference)s was moved.") % {"reference": found.reference}
            )
            return to_place(found.workspace, form.folder)
    return render(
        request, "documents/move.html", context_for(request, found, form=form, path=tree.path(here))
    )
