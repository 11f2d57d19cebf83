"""Letting files in as far as there is room for them, and changing how much room there is.

Invariant: whoever takes room holds the locks of the organisation's and the workspace's rows, in
this order and before any other, until its own row is committed: of two files that fit each by
itself only, one is refused. Nothing that is stored is touched by a limit that is lowered.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from coalitions.access import NotAllowed
from coalitions.crash_points import reached
from coalitions.documents.full import SpaceRefused
from coalitions.documents.models import Space
from coalitions.documents.signals import space_nearly_used
from coalitions.documents.space import (
    FILLING,
    Fill,
    Place,
    fill_of,
    sees_figures,
    space_of,
    upload_itself,
    where,
)
from coalitions.network import audit
from coalitions.network.models import Organisation, Workspace
from coalitions.network.permissions import secretariat_of

# In hundredths: from where on those who look after a room are told, once.
TOLD_FROM: Final = 90
# More is no limit, but a slip of the finger.
MOST: Final = 1024**5


def let_fit(
    user: Any,
    workspace: Workspace,
    organisation: Organisation,
    size: int,
    *,
    submission: UUID | None = None,
    batch: int = 0,
) -> None:
    """Raise SpaceRefused where a file of `size` bytes does not fit into one of the two rooms.

    A look without a lock, so that nothing is done in vain. `submission`: of the file; the room that
    its upload has reserved is its own. `batch`: of so many files that this person is going to send,
    and may have begun with; whoever does not see figures is not let find them out by asking often.
    """
    mine = Q(person=user, workspace=workspace) if batch else upload_itself(submission)
    for place in _rooms(workspace, organisation):
        _let_fit(user, place, fill_of(place, without=mine), size, batch=batch)


def take_space(
    user: Any,
    workspace: Workspace,
    organisation: Organisation,
    size: int,
    *,
    submission: UUID | None = None,
    stores: bool = True,
) -> None:
    """Do the same under the locks that the caller's transaction keeps, before it writes its row.

    `stores`: a file, not the announcement of one. Where a room is nearly used up by it, those who
    look after the room are told.
    """
    for place in _rooms(workspace, organisation):
        _lock(place)
    for place in _rooms(workspace, organisation):
        fill = fill_of(place, without=upload_itself(submission))
        _let_fit(user, place, fill, size)
        if stores:
            _tell_once(place, fill, fill.used + size)
    reached("space.taken")


def set_limit(
    place: Place, *, limit: int | None, acting_user: Any | None, as_system: bool = False
) -> None:
    """Give a room a limit of its own in bytes, 0 for none at all, None for the usual one.

    Right: administrators of a secretariat; whose workspace it is they must be a member to know.
    """
    secretariat = secretariat_of(acting_user)
    if not as_system and secretariat is None:
        raise NotAllowed("Only administrators of a secretariat say how much room there is.")
    if limit is not None and not 0 <= limit <= MOST:
        raise ValueError("A limit is a number of bytes.")
    with transaction.atomic():
        _lock(place)
        noted = _noted(place)
        before = noted.limit
        if before == limit:
            return
        noted.limit = limit
        noted.save()
        audit.record(
            "space.limit_set",
            acting_user=None if as_system else acting_user,
            acting_organisation=None if as_system else secretariat,
            thing=place,
            before=before,
            after=limit,
        )


def _rooms(workspace: Workspace, organisation: Organisation) -> tuple[Place, Place]:
    """The two rooms that a file needs, in the order in which their rows are locked."""
    return organisation, workspace


def _lock(place: Place) -> None:
    """Lock the row, and let others go on to name it. (SQLite locks the whole database instead.)"""
    rows = type(place)._default_manager.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk=place.pk).values_list("pk"))


def _let_fit(user: Any, place: Place, fill: Fill, size: int, *, batch: int = 0) -> None:
    if fill.fits(size) and (not batch or fill.roughly_fits(size)):
        return
    sees = sees_figures(user, place)
    if not fill.fits(size) or not sees:
        raise SpaceRefused(place, size, fill if sees else None, batch=batch > 1)


def _tell_once(place: Place, before: Fill, used: int) -> None:
    """Tell of a room that is nearly used up; once more when it was emptied in between."""
    if not before.limit:
        return
    noted = space_of(place)
    told = noted is not None and noted.told is not None
    if told and before.percent < FILLING:
        told = False
    if not told and used * 100 >= before.limit * TOLD_FROM:
        noted = _noted(place)
        noted.told = timezone.now()
        noted.save()
        space_nearly_used.send(sender=Space, place=place)


def is_nearly_used(place: Place) -> bool:
    """Return whether a room is so full that those who look after it are to be told."""
    return fill_of(place).percent >= TOLD_FROM


def _noted(place: Place) -> Space:
    return Space.objects.get_or_create(**where(place))[0]
