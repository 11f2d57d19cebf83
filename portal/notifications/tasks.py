"""The worker's part: sends the mail that is owed. Run again at any time, it does no harm."""

from celery import shared_task


@shared_task(name="notifications.send_waiting")
def send_waiting() -> int:
    """Send what is due and return how many mails went out."""
    from portal.notifications.services.sending import send_due

    return send_due()


@shared_task(name="notifications.prune_alerts", ignore_result=True)
def prune_alerts() -> None:
    """Forget alerts of saved searches that are older than anybody needs."""
    from portal.notifications.services import pruning

    pruning.prune_alerts()
