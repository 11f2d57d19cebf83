"""Tokens: made, recognised, revoked.

Invariant: only an organisation's administrators make and revoke its tokens; the key leaves
`create_token` once and is kept nowhere.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.models import Organisation
from coalitions.network.permissions import is_administrator
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.viewers import SCOPES
from portal.accounts.keys import derived_keys
from portal.api.models import ApiToken
from portal.api.models.api_token import NAME_LIMIT

PREFIX = "npt_"
KEY_BYTES = 32
MAX_DAYS = 730
MAX_USABLE = 50
_HINT = 4


@transaction.atomic
def create_token(
    organisation: Organisation,
    *,
    name: str,
    scopes: Iterable[str],
    days: int,
    acting_user: Any | None,
    as_system: bool = False,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its key. Right: the organisation's administrators.

    `scopes`: none at all leaves what everybody may see, at the token's own rate.
    """
    organisation = locked(organisation)
    require(as_system or is_administrator(acting_user, organisation))
    name = inputs.clean_line(name, limit=NAME_LIMIT)
    if not name:
        raise Refused(_("Give the token a name that says which program uses it."))
    usable = ApiToken.objects.usable().filter(organisation=organisation)
    if usable.filter(name=name).exists():
        raise Refused(_("There is a token with this name. Choose another, or revoke that one."))
    if usable.count() >= MAX_USABLE:
        raise Refused(_("There are too many tokens. Revoke those that nobody uses any more."))
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    token = ApiToken.objects.create(
        organisation=organisation,
        name=name,
        key_hash=hashes_of(key)[0],
        hint=key[-_HINT:],
        scopes=clean_scopes(scopes),
        expires=timezone.now() + timedelta(days=_clean_days(days)),
        created_by=inputs.actor_of(acting_user, as_system=as_system),
    )
    audit.record(
        "token.created",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=organisation,
        thing=token,
        scopes=",".join(token.scopes),
        days=days,
    )
    return token, key


@transaction.atomic
def revoke_token(token: ApiToken, *, acting_user: Any | None, as_system: bool = False) -> ApiToken:
    """End a token at once. Right: its organisation's administrators. Twice does no harm."""
    organisation = locked(token.organisation)
    require(as_system or is_administrator(acting_user, organisation))
    token = locked(token)
    if token.revoked is None:
        token.revoked = timezone.now()
        token.save(update_fields=["revoked"])
        audit.record(
            "token.revoked",
            acting_user=inputs.actor_of(acting_user, as_system=as_system),
            acting_organisation=organisation,
            thing=token,
        )
    return token


def clean_scopes(scopes: Iterable[str]) -> list[str]:
    """Return known scopes in their order; refuse others by name."""
    wanted = set(scopes)
    for scope in sorted(wanted - set(SCOPES)):
        raise Refused(
            _("“%(scope)s” is no scope. Use: %(scopes)s.")
            % {"scope": scope[:40], "scopes": ", ".join(SCOPES)}
        )
    return [scope for scope in SCOPES if scope in wanted]


def _clean_days(days: int) -> int:
    if not 1 <= days <= MAX_DAYS:
        raise Refused(_("A token lives from 1 to %(most)d days.") % {"most": MAX_DAYS})
    return days


def hashes_of(key: str) -> list[str]:
    """Return what is kept of `key`: under the present SECRET_KEY first, then under retired ones."""
    return [
        hmac.new(secret, key.encode(), hashlib.sha256).hexdigest()
        for secret in derived_keys("api.tokens")
    ]


def token_of(key: str) -> ApiToken | None:
    """Return the usable token that `key` belongs to, or None: unknown, revoked, expired alike."""
    if not key.startswith(PREFIX):
        return None
    token: ApiToken | None = (
        ApiToken.objects.usable()
        .filter(key_hash__in=hashes_of(key))
        .select_related("organisation")
        .first()
    )
    return token


def note_use(token: ApiToken) -> None:
    """Remember the day of use, at most once a day. Reading goes on when that cannot be written."""
    today = timezone.now().date()
    if token.last_used == today:
        return
    earlier = Q(last_used__isnull=True) | Q(last_used__lt=today)
    try:
        with transaction.atomic():
            ApiToken.objects.filter(earlier, pk=token.pk).update(last_used=today)
    except DatabaseError:
        return
    token.last_used = today
