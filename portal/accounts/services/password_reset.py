"""A new password by mail: asked for in the browser, sent by the worker.

Invariant: asking writes one row and nudges once, whether or not there is an account; the link
is made when the mail is written and is never kept.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from allauth.account.forms import default_token_generator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from portal.accounts.languages import spoken
from portal.accounts.models import PasswordResetRequest, User

logger = logging.getLogger(__name__)
# After that a person has asked again, and a late mail would only confuse.
WORTH_SENDING = timedelta(hours=1)
KEPT = timedelta(days=1)


@transaction.atomic
def request_reset(person: User | None, *, language: str) -> None:
    """Write down that a reset was asked for, for `person` or for nobody, and nudge the worker."""
    row = PasswordResetRequest.objects.create(person=person, language=language)
    transaction.on_commit(lambda: _nudge(row.pk))


def _nudge(pk: int) -> None:
    from portal.accounts.tasks import send_password_reset

    try:
        send_password_reset.delay(pk)
    except Exception as error:  # whatever the broker's client raises, the sweep will do it
        logger.warning("No nudge for reset request %s: %s", pk, type(error).__name__)


def send_reset(pk: int) -> None:
    """Send the mail of one request, unless it was sent or its person cannot sign in."""
    with transaction.atomic():
        row = (
            PasswordResetRequest.objects.select_for_update()
            .filter(pk=pk, sent__isnull=True, person__isnull=False, person__is_active=True)
            .first()
        )
        if row is None or row.person is None:
            return
        try:
            _mail(row.person, spoken(row.language))
        except (OSError, SMTPException) as error:
            logger.warning("Reset request %s waits: %s", pk, type(error).__name__)
            return
        row.sent = timezone.now()
        row.save(update_fields=["sent"])


def send_waiting() -> None:
    """Send what a lost nudge left behind, and forget what is old."""
    now = timezone.now()
    PasswordResetRequest.objects.filter(requested__lt=now - KEPT).delete()
    waiting = PasswordResetRequest.objects.filter(
        sent__isnull=True, person__isnull=False, requested__gte=now - WORTH_SENDING
    )
    for pk in list(waiting.values_list("pk", flat=True)):
        send_reset(pk)


def reset_link(person: User, language: str) -> str:
    """Return an address where `person` sets a password; it works once, and not for long."""
    with override(language):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": person.uuid.hex,
                "key": default_token_generator.make_token(person),
            },
        )
    return f"{settings.PUBLIC_URL}{path}"


def _mail(person: User, language: str) -> None:
    with override(language):
        words = {
            "reset_url": reset_link(person, language),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        }
        subject = render_to_string("account/email/password_reset_key_subject.txt", words)
        body = render_to_string("account/email/password_reset_key_message.txt", words)
    send_mail(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [person.email])


def person_of(uuid_hex: str) -> User | None:
    """Return the active account that a reset link names, or None."""
    try:
        uuid = UUID(hex=uuid_hex)
    except ValueError:
        return None
    return User.objects.filter(uuid=uuid, is_active=True).first()
