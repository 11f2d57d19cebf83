"""Mail that is owed: rows inside the caller's transaction, and a worker asked to send after it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef

from coalitions.documents.nudges import after_commit
from coalitions.documents.space import Place
from coalitions.network.models import Affiliation, Workspace, WorkspaceMembership
from portal.notifications.models import OutgoingMail
from portal.notifications.tasks import send_waiting


def owe(kind: str, owed: Iterable[tuple[UUID, UUID | None]]) -> None:
    """Write that mails of this kind are owed: each by what it is about, and its recipient.

    The recipient is None where what it is about tells who that is.
    """
    OutgoingMail.objects.bulk_create(
        OutgoingMail(kind=kind, subject=subject, recipient=recipient) for subject, recipient in owed
    )
    after_commit(send_waiting)


def keepers_of(place: Place) -> "models.QuerySet[Any]":
    """Return the coordinators of a workspace, or the administrators of an organisation."""
    rows: models.QuerySet[Any]
    if isinstance(place, Workspace):
        rows = WorkspaceMembership.objects.active().filter(
            workspace=place, role=WorkspaceMembership.Role.COORDINATOR
        )
    else:
        rows = Affiliation.objects.active().filter(
            organisation=place, role=Affiliation.Role.ADMINISTRATOR
        )
    people = get_user_model()._default_manager.filter(is_active=True)
    return people.filter(Exists(rows.filter(person=OuterRef("pk")))).order_by("pk")
