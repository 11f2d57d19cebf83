"""What a mail about joining and leaving a coalition may say.

Invariant: it names no coalition, organisation, workspace or document: an unlisted one is known to
few. It goes to whom it concerns at the moment of sending, and to nobody else.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from coalitions.network.models import Coalition, CoalitionMembership, Organisation, Workspace
from coalitions.network.permissions import administered_by, coordinates, is_administrator
from portal.notifications.models import OutgoingMail
from portal.notifications.services.recipients import recipient_of

Kind = OutgoingMail.Kind


def told_of_coalition(mail: OutgoingMail) -> tuple[Any, dict[str, Any]] | None:
    """Return the person and what is said to them; None where it does not concern them any more."""
    person = recipient_of(mail)
    if person is None:
        return None
    facts = {
        Kind.COALITION_JOINED: _joined,
        Kind.COALITION_LEFT: _left,
        Kind.WORKSPACE_LEFT: _workspace,
    }[Kind(mail.kind)](mail, person)
    return None if facts is None else (person, facts)


def address_of(facts: dict[str, Any]) -> str:
    """Return the address of the page that a mail leads to, in the active language."""
    return str(settings.PUBLIC_URL + reverse(facts["page"], args=facts["args"]))


def _joined(mail: OutgoingMail, person: Any) -> dict[str, Any] | None:
    coalition = Coalition.objects.filter(uuid=mail.subject).first()
    held = CoalitionMembership.objects.in_force().filter(
        coalition=coalition, organisation__in=administered_by(person)
    )
    row = held.order_by("-since").first()
    if coalition is None or row is None:
        return None
    return {"rule": row.on_leaving, "page": "network:coalition", "args": [coalition.uuid]}


def _left(mail: OutgoingMail, person: Any) -> dict[str, Any] | None:
    organisation = Organisation.objects.filter(uuid=mail.subject).first()
    if organisation is None or not is_administrator(person, organisation):
        return None
    if not organisation.listed:
        return {"page": "home:my-work", "args": []}
    return {"page": "network:placements", "args": [organisation.slug]}


def _workspace(mail: OutgoingMail, person: Any) -> dict[str, Any] | None:
    workspace = Workspace.objects.filter(uuid=mail.subject).first()
    if workspace is None or not coordinates(person, workspace):
        return None
    return {"page": "network:workspace", "args": [workspace.uuid]}
