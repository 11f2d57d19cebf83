"""Whom a file in quarantine concerns, and which there are.

Invariant: named only to people who see the document now.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from coalitions.access import Viewer
from coalitions.documents.labels import document_labels
from coalitions.documents.models import Document, DocumentVersion, VirusScan
from coalitions.network.models import WorkspaceMembership
from coalitions.network.viewers import viewer_for


def told_of(version: DocumentVersion) -> list[Any]:
    """Return the coordinators of the workspace and the uploader, where they see the document."""
    document = version.document
    coordinates = WorkspaceMembership.objects.active().filter(
        workspace=document.workspace_id,
        role=WorkspaceMembership.Role.COORDINATOR,
        person=OuterRef("pk"),
    )
    people = get_user_model()._default_manager.filter(
        Q(Exists(coordinates)) | Q(pk=version.uploader_id), is_active=True
    )
    labels = document_labels(document)
    return [person for person in people.order_by("pk") if viewer_for(person).sees(labels)]


def quarantined_for(user: Any, viewer: Viewer) -> QuerySet[DocumentVersion]:
    """Return the infected versions that `user`, who is `viewer`, sees and was told of."""
    coordinated = WorkspaceMembership.objects.active().filter(
        person=user, role=WorkspaceMembership.Role.COORDINATOR
    )
    concerned = Q(uploader=user) | Q(document__workspace__in=coordinated.values("workspace"))
    seen = Document.objects.visible_to(viewer)
    return (
        DocumentVersion.objects.filter(
            concerned, scan__state=VirusScan.State.INFECTED, document__in=seen
        )
        .select_related("document", "scan")
        .order_by("-scan__finished", "-pk")
    )
