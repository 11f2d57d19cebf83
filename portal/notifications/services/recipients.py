"""Who gets a mail, at the moment of sending."""

from typing import Any

from django.contrib.auth import get_user_model

from portal.notifications.models import OutgoingMail


def recipient_of(mail: OutgoingMail) -> Any | None:
    """Return the person, None where their account is gone or not active any more."""
    people = get_user_model()._default_manager.filter(uuid__in=[mail.recipient], is_active=True)
    return people.first()
