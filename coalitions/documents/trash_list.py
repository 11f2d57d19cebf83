"""One page of the trash: what this person may restore, and when it will be deleted.

Invariant: places and owners are named to those who may know of them, as everywhere.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest

from coalitions.documents.models import Folder
from coalitions.documents.trash import deletable, deleted_on, restorable, restorable_folders
from coalitions.network.middleware import viewer_of
from coalitions.network.models import Organisation, Workspace

PER_PAGE = 50


class TrashList:
    """`workspace`: this one alone; all of them when None."""

    def __init__(self, request: HttpRequest, workspace: Workspace | None = None) -> None:
        self.viewer = viewer_of(request)
        self.user = request.user
        self.days = settings.DOCUMENT_TRASH_DAYS
        documents = restorable(self.user, self.viewer)
        folders = restorable_folders(self.user, self.viewer)
        if workspace is not None:
            documents = documents.filter(workspace=workspace)
            folders = folders.filter(workspace=workspace)
        self.folders = self._folders(folders)
        self.page = self._page(request, documents)

    def _folders(self, folders: Any) -> list[dict[str, Any]]:
        rows: list[Folder] = list(folders.select_related("workspace").order_by("-trashed", "-pk"))
        with_them = restorable(self.user, self.viewer).filter(trashed_with__in=rows)
        counts = dict(
            with_them.order_by().values_list("trashed_with").annotate(number=Count("pk"))
            if rows
            else ()
        )
        return [
            {
                "folder": row,
                "documents": counts.get(row.pk, 0),
                "deleted_on": deleted_on(row.trashed),
            }
            for row in rows
            if row.trashed is not None
        ]

    def _page(self, request: HttpRequest, documents: Any) -> Page[Any]:
        rows = documents.with_audience().select_related("owner", "workspace", "trashed_with")
        paginator = Paginator(rows.order_by("-trashed", "-pk"), PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        shown = list(page.object_list)
        known = Organisation.objects.visible_to(self.viewer)
        named = set(
            known.filter(pk__in={row.owner_id for row in shown}).values_list("pk", flat=True)
        )
        may_delete = set(
            deletable(self.user, self.viewer)
            .filter(pk__in=[row.pk for row in shown])
            .values_list("pk", flat=True)
        )
        for row in shown:
            row.shown_owner = row.owner if row.owner_id in named else None
            row.sees_workspace = row.workspace.uuid in self.viewer.workspaces
            row.may_delete = row.pk in may_delete
            row.deleted_on = deleted_on(row.trashed)
        page.object_list = shown
        return page
