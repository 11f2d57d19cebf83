"""When somebody signed in before this session: kept in the session, shown on My work.

Invariant: our receiver runs before Django's own, which overwrites the time; both are connected
when the apps are ready, and `portal.home` stands before `django.contrib.auth`.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

KEY = "previous_sign_in"


@receiver(user_logged_in, dispatch_uid="home.previous_sign_in")
def remember_previous(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Note the time of the sign-in before this one."""
    if user.last_login is not None:
        request.session[KEY] = user.last_login.isoformat()


def previous_sign_in(request: HttpRequest) -> datetime | None:
    """Return when this person signed in before the present session, if ever."""
    try:
        return datetime.fromisoformat(request.session.get(KEY, ""))
    except (TypeError, ValueError):
        return None
