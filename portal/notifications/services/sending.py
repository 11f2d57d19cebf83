"""Sends owed mail: claimed one by one, tried again with growing pauses, given up after ten.

Invariant: a mail is in one worker's hands at a time, and a crash loses none. Logs name ids only.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from portal.notifications.models import OutgoingMail
from portal.notifications.models.outgoing_mail import MOST_ATTEMPTS
from portal.notifications.services.messages import message_for

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 200


def send_due(limit: int = MOST_AT_ONCE) -> int:
    """Send what is due, `limit` mails at most; return how many went out."""
    sent = 0
    for _turn in range(limit):
        mail = claim()
        if mail is None:
            break
        sent += deliver(mail)
    return sent


def claim() -> OutgoingMail | None:
    """Take the next mail into this worker's hands; None when nothing is due."""
    while (mail := OutgoingMail.objects.due().first()) is not None:
        # Only one of two workers that saw the same row changes it.
        taken = (
            OutgoingMail.objects.due()
            .filter(pk=mail.pk)
            .update(claimed=timezone.now(), attempts=mail.attempts + 1)
        )
        if taken:
            mail.refresh_from_db()
            return mail
    return None


def deliver(mail: OutgoingMail) -> bool:
    """Send one claimed mail and write what became of it."""
    try:
        message = message_for(mail)
        if message is None:
            _finish(mail, OutgoingMail.State.NEEDLESS)
            return False
        EmailMessage(
            subject=message.subject,
            body=message.body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.to],
            headers={
                "Message-ID": f"<{mail.uuid}@{_domain()}>",
                "Auto-Submitted": "auto-generated",
                **message.headers,
            },
        ).send()
    except Exception as error:
        # The text of a mail error can hold the address; its kind is enough for operators.
        logger.warning(
            "mail %s not sent, attempt %d: %s", mail.uuid, mail.attempts, type(error).__name__
        )
        _try_again(mail)
        return False
    _finish(mail, OutgoingMail.State.SENT)
    return True


def _domain() -> str:
    """Return the domain that mail comes from; a mail sent twice then counts as one."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"


def _finish(mail: OutgoingMail, state: str) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=state, claimed=None, finished=timezone.now()
    )


def _try_again(mail: OutgoingMail) -> None:
    if mail.attempts >= MOST_ATTEMPTS:
        _finish(mail, OutgoingMail.State.GIVEN_UP)
        return
    OutgoingMail.objects.filter(pk=mail.pk).update(
        claimed=None, next_attempt=timezone.now() + mail.pause
    )
