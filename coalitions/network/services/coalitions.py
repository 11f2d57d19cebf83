"""Coalitions: founded, joined, left, led by another.

Invariant: a coalition has one lead. When an organisation leaves, its people's memberships of the
coalition's workspaces end at the same instant, so that joining again never revives them. What it
was told when it joined, of its documents when it leaves, holds until then.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.models import (
    Coalition,
    CoalitionMembership,
    OnLeaving,
    Organisation,
    Workspace,
    WorkspaceMembership,
)
from coalitions.network.names import local_name
from coalitions.network.permissions import (
    is_administrator,
    is_secretariat_administrator,
    leads_coalition,
    secretariat_of,
)
from coalitions.network.services import inputs
from coalitions.network.services.organisations import people_of
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.services.workspaces import lead_of
from coalitions.network.signals import (
    Leaving,
    access_changed,
    organisation_joined,
    organisation_left,
)
from coalitions.network.viewers import viewer_for


@transaction.atomic
def found_coalition(
    lead: Organisation,
    *,
    names: Mapping[str, str],
    acting_user: Any | None,
    purpose: str = "",
    listed: bool = False,
    on_leaving: str = OnLeaving.STAY,
    slug: str = "",
    since: datetime | None = None,
    as_system: bool = False,
) -> Coalition:
    """Found a coalition led by `lead`. Right: its administrators, and those of a secretariat."""
    lead = locked(lead)
    require(
        as_system
        or is_administrator(acting_user, lead)
        or (is_secretariat_administrator(acting_user) and not lead.is_suspended())
    )
    names = inputs.clean_names(names)
    start = inputs.start_of(since, as_system=as_system)
    english = names.get("en") or local_name(names)
    coalition = Coalition.objects.create(
        slug=inputs.free_slug(Coalition, slug or english, "coalition"),
        names=names,
        purpose=inputs.clean_text(purpose),
        listed=listed,
        on_leaving=inputs.clean_choice(on_leaving, OnLeaving),
    )
    CoalitionMembership.objects.create(
        coalition=coalition,
        organisation=lead,
        leads=True,
        on_leaving=coalition.on_leaving,
        since=start,
    )
    actor = inputs.actor_of(acting_user, as_system=as_system)
    _record("coalition.founded", coalition, actor, lead)
    return coalition


@transaction.atomic
def change_coalition(
    coalition: Coalition,
    *,
    acting_user: Any | None,
    names: Mapping[str, str] | None = None,
    purpose: str | None = None,
    listed: bool | None = None,
    on_leaving: str | None = None,
    as_system: bool = False,
) -> Coalition:
    """Change what is given; None leaves a fact as it is. Right: the lead's administrators.

    `on_leaving` is for those who join from now on; who is in keeps the rule of its joining.
    """
    coalition = locked(coalition)
    require(as_system or leads_coalition(acting_user, coalition))
    fields: dict[str, Any] = {}
    if names is not None:
        fields["names"] = inputs.clean_names(names)
    if purpose is not None:
        fields["purpose"] = inputs.clean_text(purpose)
    if listed is not None:
        fields["listed"] = listed
    if on_leaving is not None:
        fields["on_leaving"] = inputs.clean_choice(on_leaving, OnLeaving)
    changed = [name for name, value in fields.items() if getattr(coalition, name) != value]
    for name in changed:
        setattr(coalition, name, fields[name])
    coalition.save(update_fields=changed)
    audit.record(
        "coalition.changed",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=lead_of(coalition),
        thing=coalition,
        fields=",".join(changed),
    )
    return coalition


@transaction.atomic
def add_organisation_to_coalition(
    coalition: Coalition,
    organisation: Organisation,
    *,
    acting_user: Any | None,
    since: datetime | None = None,
    as_system: bool = False,
) -> CoalitionMembership:
    """Let an organisation take part. Right: the lead's administrators, where they can see it."""
    organisation = locked(organisation)
    coalition = locked(coalition)
    if not as_system:
        require(leads_coalition(acting_user, coalition))
        seen = Organisation.objects.visible_to(viewer_for(acting_user))
        require(seen.filter(pk=organisation.pk).exists())
        if organisation.is_suspended():
            raise Refused(_("This organisation is suspended. It can be added later."))
    start = inputs.start_of(since, as_system=as_system)
    held = CoalitionMembership.objects.filter(coalition=coalition, organisation=organisation)
    if any(row.until is None or row.until > start for row in held):
        raise Refused(_("This organisation is in the coalition already."))
    membership = CoalitionMembership.objects.create(
        coalition=coalition,
        organisation=organisation,
        on_leaving=coalition.on_leaving,
        since=start,
    )
    actor = inputs.actor_of(acting_user, as_system=as_system)
    _record("coalition.organisation_added", coalition, actor, organisation)
    organisation_joined.send(
        sender=CoalitionMembership, coalition=coalition, organisation=organisation
    )
    return membership


@transaction.atomic
def end_coalition_membership(
    coalition: Coalition,
    organisation: Organisation,
    *,
    acting_user: Any | None,
    until: datetime | None = None,
    as_system: bool = False,
) -> None:
    """Let an organisation leave, now. Right: the lead's administrators, and its own.

    Its people leave the coalition's workspaces; its documents stay or go as its membership says
    (see `organisation_left`). `until` in the past is for the system itself alone.
    """
    organisation = locked(organisation)
    coalition = locked(coalition)
    require(
        as_system
        or leads_coalition(acting_user, coalition)
        or is_administrator(acting_user, organisation)
    )
    now = timezone.now()
    moment = min(until, now) if until is not None and as_system else now
    row = _membership(coalition, organisation)
    if row.leads:
        raise Refused(_("This organisation leads the coalition. Hand over the lead first."))
    row.end(moment)
    # Whoever adds a document holds their membership: what they add is there before this is read.
    places = Workspace.objects.filter(coalition=coalition).order_by("pk")
    list(places.select_for_update(of=("self",), no_key=True).values_list("pk"))
    placements = list(
        WorkspaceMembership.objects.in_force(moment)
        .filter(workspace__coalition=coalition, organisation=organisation)
        .select_for_update(of=("self",))
        .select_related("workspace", "person")
        .order_by("pk")
    )
    for placement in placements:
        placement.end(moment)
    actor = inputs.actor_of(acting_user, as_system=as_system)
    acting_for = _record(
        "coalition.membership_ended", coalition, actor, organisation, rule=row.on_leaving
    )
    leaving = Leaving(coalition, organisation, row, placements, moment, actor, acting_for)
    organisation_left.send(sender=CoalitionMembership, leaving=leaving)


@transaction.atomic
def hand_over_lead(
    coalition: Coalition,
    organisation: Organisation,
    *,
    acting_user: Any | None,
    as_system: bool = False,
) -> None:
    """Let another member lead. Right: the lead's administrators; a secretariat's where the lead
    is suspended."""
    coalition = locked(coalition)
    lead = lead_of(coalition)
    rescue = lead is None or lead.is_suspended()
    require(
        as_system
        or leads_coalition(acting_user, coalition)
        or (rescue and is_secretariat_administrator(acting_user))
    )
    successor = _membership(coalition, organisation)
    if organisation.is_suspended():
        raise Refused(_("This organisation is suspended. Choose another one."))
    if successor.leads:
        raise Refused(_("This organisation leads the coalition already."))
    # Written before the rows change: the old lead is the acting side.
    actor = inputs.actor_of(acting_user, as_system=as_system)
    _record("coalition.lead_handed_over", coalition, actor, organisation)
    now = timezone.now()
    if lead is not None:
        _begin_anew(_membership(coalition, lead), leads=False, at=now)
    _begin_anew(successor, leads=True, at=now)


def _begin_anew(row: CoalitionMembership, *, leads: bool, at: datetime) -> None:
    until = row.until
    row.end(at)
    CoalitionMembership.objects.create(
        coalition=row.coalition,
        organisation=row.organisation,
        leads=leads,
        on_leaving=row.on_leaving,
        since=max(at, row.since),
        until=until,
    )


def _membership(coalition: Coalition, organisation: Organisation) -> CoalitionMembership:
    row: CoalitionMembership | None = (
        CoalitionMembership.objects.in_force()
        .filter(coalition=coalition, organisation=organisation)
        .select_related("coalition", "organisation")
        .first()
    )
    if row is None:
        raise Refused(_("This organisation is not in the coalition. Look at the list again."))
    return row


def _acting_for(
    coalition: Coalition, organisation: Organisation, acting_user: Any | None
) -> Organisation | None:
    """Return the side that this person acts for: the lead, the organisation, a secretariat."""
    if acting_user is None:
        return None
    sides = [side for side in (lead_of(coalition), organisation) if side is not None]
    acting_for = next((side for side in sides if is_administrator(acting_user, side)), None)
    return acting_for or secretariat_of(acting_user)


def _record(
    verb: str,
    coalition: Coalition,
    acting_user: Any | None,
    organisation: Organisation,
    **details: str,
) -> Organisation | None:
    """Write the audit row, say whose sight changed, and return which side `acting_user` acts for.

    `acting_user`: None for the system.
    """
    acting_for = _acting_for(coalition, organisation, acting_user)
    audit.record(
        verb,
        acting_user=acting_user,
        acting_organisation=acting_for,
        thing=coalition,
        organisation=str(organisation.uuid),
        **details,
    )
    access_changed.send(sender=CoalitionMembership, people=list(people_of(organisation)))
    return acting_for
