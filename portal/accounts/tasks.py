"""Mail about accounts. The rows are the jobs; these messages only nudge."""

from celery import shared_task

from portal.accounts.services import password_reset


@shared_task(name="accounts.send_password_reset", ignore_result=True)
def send_password_reset(pk: int) -> None:
    """Send the mail of one request, unless it was sent."""
    password_reset.send_reset(pk)


@shared_task(name="accounts.send_waiting_resets", ignore_result=True)
def send_waiting_resets() -> None:
    """Send what a lost nudge left behind."""
    password_reset.send_waiting()
