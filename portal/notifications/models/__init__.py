"""The mail that is to be sent."""

from portal.notifications.models.outgoing_mail import OutgoingMail

__all__ = ["OutgoingMail"]
