"""People in organisations: added, given another role, ended.

Invariant: an organisation that has an administrator keeps one without an end date. When an
affiliation ends, the person's workspaces for that organisation end at the same instant, so that a
later affiliation never revives them.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coalitions.network import audit
from coalitions.network.models import Affiliation, Organisation, WorkspaceMembership
from coalitions.network.permissions import is_administrator
from coalitions.network.querysets import people_visible_to
from coalitions.network.services import inputs
from coalitions.network.services.refusals import Refused, locked, require
from coalitions.network.signals import access_changed
from coalitions.network.viewers import viewer_for

Role = Affiliation.Role


@transaction.atomic
def add_affiliation(
    organisation: Organisation,
    person: Any,
    *,
    role: str,
    acting_user: Any | None,
    since: datetime | None = None,
    until: datetime | None = None,
    as_system: bool = False,
) -> Affiliation:
    """Make somebody who has an account one of an organisation's people.

    Right: its administrators, for people whose names they may see; others are invited by mail.
    Only the system itself may date back.
    """
    organisation = locked(organisation)
    if not as_system:
        require(is_administrator(acting_user, organisation))
        require(people_visible_to(viewer_for(acting_user)).filter(pk=person.pk).exists())
    role = inputs.clean_choice(role, Role)
    start = inputs.start_of(since, as_system=as_system)
    if until is not None and until <= start:
        raise Refused(_("The end must be after the start."))
    affiliation = begin_affiliation(organisation, person, role=role, since=start, until=until)
    audit.record(
        "affiliation.added",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=organisation,
        thing=affiliation,
        person=str(person.uuid),
        role=role,
    )
    access_changed.send(sender=Affiliation, people=[person])
    return affiliation


def begin_affiliation(
    organisation: Organisation,
    person: Any,
    *,
    role: str,
    since: datetime,
    until: datetime | None = None,
) -> Affiliation:
    """Write the row, inside a service's transaction; refuse a second one in force."""
    theirs = Affiliation.objects.filter(organisation=organisation, person=person)
    # One that begins later or has not ended is one too many; one that ended is history.
    if any(row.until is None or row.until > since for row in theirs):
        raise Refused(_("This person is one of the organisation's people already."))
    leftovers = WorkspaceMembership.objects.in_force(since).filter(
        organisation=organisation, person=person
    )
    for membership in leftovers:
        membership.end(since)
    return Affiliation.objects.create(
        organisation=organisation, person=person, role=role, since=since, until=until
    )


@transaction.atomic
def change_role(affiliation: Affiliation, *, role: str, acting_user: Any | None) -> Affiliation:
    """Give one of an organisation's people another role. Right: its administrators.

    The old row ends and a new one begins at the same instant.
    """
    organisation = locked(affiliation.organisation)
    require(is_administrator(acting_user, organisation))
    affiliation = _present(affiliation)
    role = inputs.clean_choice(role, Role)
    if role == affiliation.role:
        return affiliation
    if affiliation.role == Role.ADMINISTRATOR:
        _keep_an_administrator(affiliation)
    moment = max(timezone.now(), affiliation.since)
    until = affiliation.until
    affiliation.end(moment)
    changed = Affiliation.objects.create(
        organisation=organisation,
        person=affiliation.person,
        role=role,
        since=moment,
        until=until,
    )
    audit.record(
        "affiliation.role_changed",
        acting_user=acting_user,
        acting_organisation=organisation,
        thing=changed,
        person=str(affiliation.person.uuid),
        before=affiliation.role,
        role=role,
    )
    access_changed.send(sender=Affiliation, people=[affiliation.person])
    return changed


@transaction.atomic
def end_affiliation(
    affiliation: Affiliation,
    *,
    acting_user: Any | None,
    until: datetime | None = None,
    as_system: bool = False,
) -> Affiliation:
    """Let an affiliation end now, or at `until`. Right: the organisation's administrators."""
    organisation = locked(affiliation.organisation)
    require(as_system or is_administrator(acting_user, organisation))
    affiliation = _present(affiliation)
    now = timezone.now()
    if until is not None and until < now:
        raise Refused(_("The end cannot lie in the past. Leave it empty to end it now."))
    if affiliation.role == Role.ADMINISTRATOR:
        _keep_an_administrator(affiliation)
    moment = until or now
    affiliation.end(moment)
    memberships = WorkspaceMembership.objects.in_force(moment).filter(
        organisation=organisation, person=affiliation.person
    )
    for membership in memberships:
        membership.end(moment)
    audit.record(
        "affiliation.ended",
        acting_user=inputs.actor_of(acting_user, as_system=as_system),
        acting_organisation=organisation,
        thing=affiliation,
        person=str(affiliation.person.uuid),
        until=moment.isoformat(),
    )
    access_changed.send(sender=Affiliation, people=[affiliation.person])
    return affiliation


def _present(affiliation: Affiliation) -> Affiliation:
    """Return the row as it is now; refuse one that has ended."""
    rows = Affiliation.objects.select_related("person", "organisation")
    fresh: Affiliation = rows.get(pk=affiliation.pk)
    if fresh.until is not None and fresh.until <= timezone.now():
        raise Refused(_("This person has left the organisation. Look at the list again."))
    return fresh


def _keep_an_administrator(affiliation: Affiliation) -> None:
    """Refuse to take away the last administrator without an end date."""
    others = (
        Affiliation.objects.active()
        .filter(
            organisation=affiliation.organisation_id, role=Role.ADMINISTRATOR, until__isnull=True
        )
        .exclude(pk=affiliation.pk)
    )
    if not others.exists():
        raise Refused(
            _(
                "This is the organisation's only administrator. Make somebody else an "
                "administrator first."
            )
        )
