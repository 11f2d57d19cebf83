"""Whether several files may come at all, asked before the first byte of the first one.

Invariant: an answer to people who may add to the workspace; it reserves and makes nothing. Each
file is looked at by itself later.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalitions.documents import services
from coalitions.documents.folder_count import let_hold, new_folders
from coalitions.documents.folder_names import FolderRefused
from coalitions.documents.full import UNFIT, SpaceRefused, status_of
from coalitions.documents.permissions import let_contribute
from coalitions.documents.tree import Tree
from coalitions.documents.tries import take_plan
from coalitions.documents.uploads.asking import folders_of
from coalitions.documents.views.finding import visible_workspace
from coalitions.network.models import Workspace


@require_POST
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer 204 where all of it may come, else 507 or 422 with words; 429 to who asks too often.

    The body is JSON: `bytes` of all files together, `files`: their number, `folder` (a uuid, or
    empty), and `paths`: of the folders on somebody's disk, each with an oblique line at its end.
    """
    place = visible_workspace(request, uuid)
    organisation = let_contribute(request.user, place).organisation
    if take_plan(request) is None:
        return _words(429, _("Too many tries. Wait five minutes and try again."))
    try:
        size, files, folder, paths = _asked(request)
        _let_make(place, folder, paths)
        services.let_fit(request.user, place, organisation, size, batch=max(files, 1))
    except FolderRefused as refused:
        return _words(UNFIT, refused.message)
    except SpaceRefused as refused:
        return _words(status_of(refused), refused.message)
    except ValueError:
        return _words(400, _("This cannot be read. Load the page again and choose the files anew."))
    return HttpResponse(status=204)


def _asked(request: HttpRequest) -> tuple[int, int, str, list[str]]:
    """Return what is asked, or raise ValueError."""
    try:
        told: Any = json.loads(request.body)
    except RequestDataTooBig:  # nobody has so many folders, and room for them
        raise FolderRefused("many") from None
    except RecursionError:
        raise ValueError from None
    if not isinstance(told, dict):
        raise ValueError
    size, files = _number(told.get("bytes")), _number(told.get("files", 1))
    folder, paths = told.get("folder", ""), told.get("paths", [])
    if not isinstance(folder, str) or not isinstance(paths, list):
        raise ValueError
    if not all(isinstance(path, str) for path in paths):
        raise ValueError
    return size, files, folder, paths


def _number(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told < 10**18:
        raise ValueError
    return told


def _let_make(place: Workspace, folder: str, paths: list[str]) -> None:
    if not paths and not folder:
        return
    tree = Tree.of(place)
    here = tree.find(UUID(folder)) if folder else None
    if folder and here is None:
        raise FolderRefused("elsewhere")
    let_hold(tree, new_folders(tree, here, [folders_of(path) for path in set(paths)]))


def _words(status: int, message: str) -> HttpResponse:
    return HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8")
