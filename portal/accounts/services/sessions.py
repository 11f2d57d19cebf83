"""Where a person is signed in, and ending it.

Invariant: a session is ended by its own person only; they are named outside by a signed text,
never by their key.
"""

from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction

from coalitions.network import audit
from portal.accounts.models import User

_SALT = "accounts.session"


def handle_of(session: UserSession) -> str:
    """Return the text that names a session on its person's page."""
    return signing.dumps([session.pk, session.user_id], salt=_SALT)


def sessions_of(person: User) -> list[UserSession]:
    """Return the live sessions of a person, the newest first; dead ones are cleared away."""
    live: list[UserSession] = UserSession.objects.purge_and_list(person)
    return sorted(live, key=lambda session: session.created_at, reverse=True)


def session_named(handle: str, person: User) -> UserSession | None:
    """Return the person's session that `handle` names, or None."""
    try:
        pk, owner = signing.loads(handle, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if owner != person.pk:
        return None
    session: UserSession | None = UserSession.objects.filter(pk=pk, user=person).first()
    return session


@transaction.atomic
def end_sessions(sessions: list[UserSession], *, acting_user: User) -> int:
    """End sessions of the acting person; return how many ended."""
    own = [session for session in sessions if session.user_id == acting_user.pk]
    for session in own:
        session.end()
    if own:
        audit.record(
            "account.sessions_ended", acting_user=acting_user, thing=acting_user, count=len(own)
        )
    return len(own)
