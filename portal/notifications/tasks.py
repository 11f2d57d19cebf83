"""The worker's part: sends the mail that is owed. Run again at any time, it does no harm."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


@shared_task(name="notifications.send_waiting")
def send_waiting() -> int:
    """Send what is due and return how many mails went out."""
    from portal.notifications.services.sending import send_due

    return send_due()


def nudge() -> None:
    """Ask a worker to send now. Without a broker the schedule's sweep does it within a minute."""
    try:
        send_waiting.delay()
    except Exception as error:
        logger.warning("mail nudge not delivered: %s", type(error).__name__)
