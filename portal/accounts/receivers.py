"""What allauth does to an account is written into the audit, as our own services do."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from coalitions.network import audit
from portal.accounts.services import notices


@receiver(account_signals.password_changed)
def password_changed(user: Any, **_details: Any) -> None:
    """Record a changed password."""
    audit.record("account.password_changed", acting_user=user, thing=user)


@receiver(account_signals.password_reset)
def password_reset(user: Any, **_details: Any) -> None:
    """Record a password that was set through a link."""
    audit.record("account.password_reset", acting_user=user, thing=user)


@receiver(mfa_signals.authenticator_added)
def authenticator_added(user: Any, authenticator: Any, **_details: Any) -> None:
    """Record a second factor."""
    _record("account.second_factor_added", user, authenticator)


@receiver(mfa_signals.authenticator_removed)
def authenticator_removed(user: Any, authenticator: Any, **_details: Any) -> None:
    """Record the end of a second factor."""
    _record("account.second_factor_removed", user, authenticator)


@receiver(mfa_signals.authenticator_reset)
def authenticator_reset(user: Any, authenticator: Any, **_details: Any) -> None:
    """Record new recovery codes."""
    _record("account.second_factor_reset", user, authenticator)


def _record(verb: str, user: Any, authenticator: Any) -> None:
    audit.record(verb, acting_user=user, thing=user, type=str(authenticator.type))


@receiver(user_logged_in, dispatch_uid="accounts.reading_notice")
def owe_notice(request: HttpRequest, user: Any, **_details: Any) -> None:
    """Note in the session that this person is still to be told what is recorded."""
    if notices.is_due(user):
        request.session[notices.KEY] = True
