"""How views find their object: among what the viewer may see, or not at all."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from coalitions.access import NotAllowed
from coalitions.documents.models import Document, Folder
from coalitions.documents.permissions import Rights, rights_on
from coalitions.documents.tree import Tree
from coalitions.network.middleware import viewer_of as viewer_of
from coalitions.network.models import Workspace


def visible_document(request: HttpRequest, uuid: UUID) -> Any:
    """Return the document with its place, its owner and its audience, or raise Http404."""
    found = (
        Document.objects.visible_to(viewer_of(request))
        .with_audience()
        .filter(uuid=uuid)
        .select_related(
            "owner",
            "workspace__coalition",
            "workspace__organisation",
            "folder",
            "type",
            "programme",
            "current_version__extraction",
            "current_version__scan",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def visible_workspace(request: HttpRequest, uuid: UUID) -> Workspace:
    """Return the workspace, or raise Http404."""
    found: Workspace | None = (
        Workspace.objects.visible_to(viewer_of(request))
        .filter(uuid=uuid)
        .select_related("coalition", "organisation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def folder_in(tree: Tree, asked: str) -> Folder | None:
    """Return the folder of this tree that an address names, None for none, or raise Http404."""
    if not asked:
        return None
    try:
        found = tree.find(UUID(asked))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def to_place(place: Workspace, folder: Folder | None) -> HttpResponse:
    """Lead to what lies in a folder, or at the top of the workspace where that is None."""
    if folder is None:
        return redirect("documents:workspace", place.uuid)
    return redirect("documents:folder", place.uuid, folder.uuid)


def rights_or_refuse(request: HttpRequest, document: Document, right: str) -> Rights:
    """Return the person's rights on `document`; NotAllowed, hence the missing page, without."""
    rights = rights_on(request.user, document, viewer_of(request))
    if not getattr(rights, right):
        raise NotAllowed(f"Without the right to {right}.")
    return rights


def page_title(document: Any) -> str:
    """Return what the window may be called: the title of public things, a reference otherwise."""
    if document.rung == "public" and not document.child_data:
        return str(document.title)
    return ""


def context_for(request: HttpRequest, document: Any, **more: Any) -> dict[str, Any]:
    """Return what the templates of one document share: it, and whether its place may be named."""
    sees = document.workspace.uuid in viewer_of(request).workspaces
    return {"document": document, "sees_workspace": sees, **more}
