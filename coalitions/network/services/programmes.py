"""Programmes: entered into the list that documents refer to.

Invariant: a code is given once and never changes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.models import Coalition, Programme
from coalitions.network.permissions import is_secretariat_administrator, leads_coalition
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require


@transaction.atomic
def enter_programme(
    *,
    code: str,
    names: Mapping[str, str],
    acting_user: Any | None,
    coalition: Coalition | None = None,
    starts: date | None = None,
    ends: date | None = None,
    as_system: bool = False,
) -> Programme:
    """Enter a programme of a coalition, or one that everybody may know of.

    Right: administrators of the coalition's lead; those of a secretariat.
    """
    if coalition is not None:
        coalition = locked(coalition)
    leads = coalition is not None and leads_coalition(acting_user, coalition)
    require(as_system or leads or is_secretariat_administrator(acting_user))
    names = inputs.clean_names(names)
    code = inputs.clean_line(code, limit=60)
    if not code or slugify(code) != code:
        raise Refused(_("A code has small letters, digits and hyphens only."))
    if Programme.objects.filter(code=code).exists():
        raise Refused(_("There is a programme with this code already."))
    if starts is not None and ends is not None and ends < starts:
        raise Refused(_("The end must be after the start."))
    programme = Programme.objects.create(
        code=code, names=names, coalition=coalition, starts=starts, ends=ends
    )
    audit.record(
        "programme.entered",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        thing=programme,
        coalition=str(coalition.uuid) if coalition is not None else None,
    )
    return programme
