"""Which room a mail is about, and what it may say of it.

Invariant: a workspace is called by its reference; an organisation that is not listed, by nothing.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from coalitions.documents.space import Place
from coalitions.network.models import Organisation, Workspace
from portal.notifications.models import OutgoingMail


def place_of(mail: OutgoingMail) -> Place | None:
    """Return the workspace or the organisation, None where it is gone."""
    if mail.kind == OutgoingMail.Kind.SPACE_WORKSPACE:
        workspace: Workspace | None = Workspace.objects.filter(uuid=mail.subject).first()
        return workspace
    return Organisation.objects.filter(uuid=mail.subject).first()


def facts_of(place: Place) -> dict[str, Any]:
    """Return what the text says, in the language that is active."""
    if isinstance(place, Workspace):
        path = reverse("documents:space", args=[place.uuid])
        return {"reference": place.reference, "link": settings.PUBLIC_URL + path}
    # A short name tells the organisation's name.
    path = reverse("home:my-work")
    if place.listed:
        path = reverse("documents:organisation-space", args=[place.slug])
    return {"reference": "", "link": settings.PUBLIC_URL + path}
