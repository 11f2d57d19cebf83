"""Writing and sending mail."""

from portal.notifications.services.sending import send_due

__all__ = ["send_due"]
