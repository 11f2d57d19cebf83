"""What tests of space share: a file of known size, the limit of a room, and a plan to upload."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from coalitions.documents import services
from coalitions.documents.models import Document
from coalitions.documents.space import Place
from coalitions.network.models import Workspace
from portal.accounts.models import User
from tests.documents.pages import client_of
from tests.documents.tus import TEXT

SIZE = len(TEXT)


def limit(place: Place, size: int) -> None:
    """Let a room hold so many bytes; nought is no limit."""
    services.set_limit(place, limit=size, acting_user=None, as_system=True)


def add(workspace: Workspace, user: User, data: bytes = TEXT, *, name: str = "a.txt") -> Document:
    """Add a document of these bytes."""
    return services.add_document(
        acting_user=user, workspace=workspace, content=ContentFile(data), name=name
    )


def plan(user: User | None, workspace: Workspace, **told: Any) -> Any:
    """Ask whether what is told would fit, before the first file is sent."""
    return client_of(user).post(
        f"/en/workspaces/{workspace.uuid}/uploads/plan/", told, content_type="application/json"
    )
