"""The link in an invitation: the invitation's uuid, signed with a key of its own.

Invariant: a link says nothing about the account, and works only while its row is open and the
person who sent it could still send it.
"""

from typing import Any
from uuid import UUID

from django.core import signing
from django.utils import timezone

from coalitions.network.models import Affiliation, Invitation, Organisation
from coalitions.network.permissions import is_administrator, is_secretariat_administrator

SALT = "coalitions.network.invitation"


def token_for(invitation: Invitation) -> str:
    """Return the part of the address that only the recipient gets."""
    return signing.dumps(invitation.uuid.hex, salt=SALT)


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that `token` was made for, open or not; None for a forged token."""
    try:
        uuid = UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError, UnicodeError):
        return None
    return (
        Invitation.objects.select_related("organisation", "workspace", "invited_by")
        .filter(uuid=uuid)
        .first()
    )


def may_invite(user: Any, organisation: Organisation) -> bool:
    """Return whether `user` may ask people into the organisation.

    Its administrators may; those of a secretariat only while it has no administrator at all.
    """
    if is_administrator(user, organisation):
        return True
    if not is_secretariat_administrator(user):
        return False
    administrators = Affiliation.objects.in_force().filter(
        organisation=organisation,
        role=Affiliation.Role.ADMINISTRATOR,
        person__is_active=True,
    )
    return not bool(administrators.exists())


def works(invitation: Invitation | None) -> bool:
    """Return whether the link still does something."""
    return (
        invitation is not None
        and invitation.is_open(timezone.now())
        and not invitation.organisation.is_suspended()
        and may_invite(invitation.invited_by, invitation.organisation)
    )
