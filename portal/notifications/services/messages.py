"""What a mail says, in its recipient's language, from what is true at this moment.

Invariant: no title, workspace or person is named in a mail; an organisation's name and a link are.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from coalitions.network.invitation_links import token_for, works
from coalitions.network.models import Invitation
from portal.notifications.models import OutgoingMail


@dataclass(frozen=True)
class Message:
    """A mail ready to go."""

    to: str
    subject: str
    body: str


def message_for(mail: OutgoingMail) -> Message | None:
    """Return what to send, or None when it is no longer needed."""
    invitation = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(uuid=mail.subject)
        .first()
    )
    if invitation is None or not works(invitation):
        return None
    with translation.override(_language(invitation)):
        path = reverse("network:accept-invitation", args=[token_for(invitation)])
        context: dict[str, Any] = {
            "organisation": invitation.organisation.name,
            "expires": invitation.expires,
            "link": settings.PUBLIC_URL + path,
        }
        subject = render_to_string("notifications/invitation_subject.txt", context)
        body = render_to_string("notifications/invitation.txt", context)
    # A line break in a name must not become a header of the mail.
    return Message(to=invitation.email, subject=" ".join(subject.split()), body=body)


def _language(invitation: Invitation) -> str:
    """Return the language of the account, when there is one, else that of the invitation."""
    account = (
        get_user_model()
        ._default_manager.filter(email__iexact=invitation.email)
        .values_list("language", flat=True)
        .first()
    )
    language = account or invitation.language
    return language if language in settings.INTERFACE_LANGUAGES else settings.LANGUAGE_CODE
