"""What everybody is told when they sign in first, until they say that they have read it.

Invariant: the session remembers that the notice is due, so that no page asks the database for it.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from coalitions.network import audit
from portal.accounts.models import Acknowledgement

KEY = "reading_notice_due"
READING = Acknowledgement.Notice.READING


def is_due(person: Any) -> bool:
    """Return whether this person has not acknowledged the notice about reading yet."""
    return not Acknowledgement.objects.filter(person=person, notice=READING).exists()


def acknowledge(*, acting_user: Any, session: SessionBase) -> None:
    """Write that the person has read it; a second time changes nothing."""
    with transaction.atomic():
        _row, is_new = Acknowledgement.objects.get_or_create(person=acting_user, notice=READING)
        if is_new:
            audit.record(
                "account.notice_acknowledged",
                acting_user=acting_user,
                thing=acting_user,
                notice=READING.value,
            )
    session.pop(KEY, None)
