"""The trash: putting documents and folders into it, at once and with Undo; restoring; deleting.

Invariant: the pages list what this person may restore, and nothing else of what lies there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalitions.access import NotAllowed
from coalitions.documents import services
from coalitions.documents.download_log import downloads_of
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.models import Document, Folder
from coalitions.documents.trash import deletable, known_trashed, restorable, restorable_folders
from coalitions.documents.trash_list import TrashList
from coalitions.documents.tree import Tree
from coalitions.documents.views.finding import (
    rights_or_refuse,
    to_place,
    viewer_of,
    visible_document,
    visible_workspace,
)
from coalitions.network.models import Workspace

View = Callable[..., HttpResponse]


def telling_of_trash(view: View) -> View:
    """Let a form that was sent about a document say that somebody trashed it meanwhile.

    To those who might have put it there; for everybody else it is missing, like any other.
    """

    @wraps(view)
    def told(request: HttpRequest, uuid: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, uuid, *args, **kwargs)
        except (Http404, NotAllowed):
            if request.method != "POST":
                raise
            found = known_trashed(request.user, viewer_of(request)).filter(uuid=uuid).first()
            if found is None:
                raise
            messages.warning(
                request,
                _("%(reference)s is in the trash by now. Nothing else was changed.")
                % {"reference": found.reference},
            )
            return _to_trash(request, found.workspace)

    return told


@login_required
@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """Show all that this person may restore, wherever it was."""
    return render(request, "documents/trash.html", {"list": TrashList(request)})


@require_safe
def workspace_trash(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a member what they may restore in one workspace."""
    place = visible_workspace(request, uuid)
    return render(
        request,
        "documents/trash.html",
        {"list": TrashList(request, place), "workspace": place, "current_tab": "documents"},
    )


@telling_of_trash
@require_POST
def trash_document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a document into the trash, unless it was changed since the person looked at it."""
    found = visible_document(request, uuid)
    rights_or_refuse(request, found, "trash")
    try:
        done = services.trash_document(
            acting_user=request.user, document=found, seen=request.POST.get("seen", "")
        )
    except FolderRefused as refused:
        messages.error(request, refused.message)
        return redirect("documents:document", found.uuid)
    words = _("%(reference)s is in the trash.") if done else _("%(reference)s was in the trash.")
    _say_with_undo(
        request,
        words % {"reference": found.reference},
        reverse("documents:restore-document", args=[found.uuid]),
    )
    if found.workspace.uuid not in viewer_of(request).workspaces:
        return redirect("documents:mine")
    return to_place(found.workspace, found.folder)


@require_POST
def restore_document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let those see the document again who saw it before."""
    viewer = viewer_of(request)
    lies = restorable(request.user, viewer).filter(uuid=uuid)
    found = lies.first() or Document.objects.visible_to(viewer).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    place = found.folder_id
    if not services.restore_document(acting_user=request.user, document=found):
        words = _("%(reference)s was back already.")
    elif place and found.folder is None and found.workspace.uuid in viewer.workspaces:
        words = _("%(reference)s is back, at the top: its folder is not there any more.")
    else:
        words = _("%(reference)s is back.")
    messages.success(request, words % {"reference": found.reference})
    return redirect("documents:document", found.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what deleting for good means, in numbers; then do it."""
    viewer = viewer_of(request)
    lies = deletable(request.user, viewer).with_audience()  # type: ignore[attr-defined]
    found = lies.filter(uuid=uuid).select_related("owner", "workspace").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        if services.delete_for_good(acting_user=request.user, document=found):
            words = _("%(reference)s was deleted for good.")
        else:
            words = _("%(reference)s is not in the trash any more. Nothing was deleted.")
        messages.success(request, words % {"reference": found.reference})
        return _to_trash(request, found.workspace)
    context = {
        "document": found,
        "sees_workspace": found.workspace.uuid in viewer.workspaces,
        "download_count": downloads_of(found, viewer, 1)[1],
        **found.versions.aggregate(version_count=Count("pk"), bytes=Sum("size")),
    }
    return render(request, "documents/delete_document.html", context)


@require_POST
def trash_folder(request: HttpRequest, uuid: UUID, folder: UUID) -> HttpResponse:
    """Put a folder into the trash with what is in it, unless it was changed meanwhile."""
    place = visible_workspace(request, uuid)
    tree = Tree.of(place)
    found = tree.find(folder)
    if found is None:
        if _trashed_in(request, place).filter(uuid=folder).exists():
            messages.warning(request, _("The folder is in the trash by now."))
            return _to_trash(request, place)
        raise Http404
    asked = request.POST.get("revision", "")
    revision = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    try:
        count = services.trash_folder(acting_user=request.user, folder=found, revision=revision)
    except FolderRefused as refused:
        messages.error(request, refused.message)
        return to_place(place, found if refused.code == "meanwhile" else None)
    words = ngettext(
        "The folder is in the trash, with %(count)s document.",
        "The folder is in the trash, with %(count)s documents.",
        count,
    )
    if not count:
        words = _("The folder is in the trash.")
    undo = reverse("documents:restore-folder", args=[place.uuid, found.uuid])
    _say_with_undo(request, words % {"count": count} if count else words, undo)
    return to_place(place, found.parent)


@require_POST
def restore_folder(request: HttpRequest, uuid: UUID, folder: UUID) -> HttpResponse:
    """Put a folder back where it was, with what went with it."""
    place = visible_workspace(request, uuid)
    found = _trashed_in(request, place).filter(uuid=folder).first() or Tree.of(place).find(folder)
    if found is None:
        raise Http404
    name, old_place = found.name, found.parent_id
    try:
        restored = services.restore_folder(acting_user=request.user, folder=found)
    except FolderRefused as refused:
        messages.error(request, refused.message)
        return _to_trash(request, place)
    words = _("The folder is back.")
    if old_place and restored.parent_id is None:
        words = _("The folder is back, at the top: its old place is not there any more.")
    messages.success(request, words)
    if restored.name != name:
        messages.info(request, _("Its name was taken meanwhile, so it has a number now."))
    return to_place(place, restored)


def _trashed_in(request: HttpRequest, place: Workspace) -> QuerySet[Folder]:
    return restorable_folders(request.user, viewer_of(request)).filter(workspace=place)


def _say_with_undo(request: HttpRequest, words: str, address: str) -> None:
    """Say it, with a button that sends a form to `address` (see components/messages.html)."""
    messages.success(request, words, extra_tags=f"undo:{address}")


def _to_trash(request: HttpRequest, place: Workspace) -> HttpResponse:
    if place.uuid in viewer_of(request).workspaces:
        return redirect("documents:workspace-trash", place.uuid)
    return redirect("documents:trash")
