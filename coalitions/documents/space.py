"""How much room for files a workspace or an organisation has, and how much of it is used.

Invariant: counted from the rows that are there, never from a counter that could drift. Every stored
file counts once, also in the trash until it is purged, for the workspace and for the organisation
whose person sent it; an upload that is on its way counts with the length that was announced, as
long as its sender is a member for that organisation. Figures are for a workspace's coordinators and
an organisation's administrators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from coalitions.documents.models import DocumentVersion, ResumableUpload, Space
from coalitions.network.models import Organisation, Workspace, WorkspaceMembership
from coalitions.network.permissions import coordinates, is_administrator

Place = Workspace | Organisation
# In hundredths of the limit: from where on people are told before they choose files.
FILLING: Final = 80
NEARLY: Final = 95


@dataclass(frozen=True)
class Fill:
    """What is used of one place's room, in bytes; `limit` 0: as much as the disk holds."""

    stored: int
    trashed: int
    coming: int
    limit: int

    @property
    def used(self) -> int:
        """What is stored and what is announced."""
        return self.stored + self.coming

    @property
    def left(self) -> int:
        """What still fits; nothing where a limit was lowered below what is there."""
        return max(self.limit - self.used, 0)

    @property
    def percent(self) -> int:
        """How much of the limit is used, in hundredths, never more than 100."""
        return min(self.used * 100 // self.limit, 100) if self.limit else 0

    @property
    def level(self) -> str:
        """ "" | "filling" | "nearly" | "full": what contributors are told."""
        if not self.limit or self.percent < FILLING:
            return ""
        if self.percent < NEARLY:
            return "filling"
        return "nearly" if self.left else "full"

    def fits(self, size: int) -> bool:
        """Whether a file of this size may come."""
        return not self.limit or size <= self.limit - self.used

    def roughly_fits(self, size: int) -> bool:
        """Whether it fits into what is left, rounded down to a hundredth of the limit."""
        step = max(self.limit // 100, 1)
        return not self.limit or size <= self.left // step * step


def space_of(place: Place) -> Space | None:
    """Return what is noted about the place, if anything."""
    return Space.objects.filter(**where(place)).first()


def usual_limit(place: Place) -> int:
    """Return the limit of places that have none of their own."""
    if isinstance(place, Workspace):
        return int(settings.WORKSPACE_MAX_BYTES)
    return int(settings.ORGANISATION_MAX_BYTES)


def limit_of(place: Place, noted: Space | None) -> int:
    """Return the limit in force, in bytes; 0 where there is none."""
    if noted is None or noted.limit is None:
        return usual_limit(place)
    return noted.limit


def fill_of(place: Place, *, without: Q | None = None) -> Fill:
    """Return how full the place is. `without`: uploads on their way that do not count."""
    inside = "document__workspace" if isinstance(place, Workspace) else "organisation"
    # A version that was restored shares the file of the old one.
    files = DocumentVersion.objects.filter(**{inside: place}, restored_from__isnull=True)
    told = files.aggregate(
        stored=Sum("size"), trashed=Sum("size", filter=Q(document__trashed__isnull=False))
    )
    uploads = _unfinished(place)
    if without is not None:
        uploads = uploads.exclude(without)
    return Fill(
        stored=told["stored"] or 0,
        trashed=told["trashed"] or 0,
        coming=uploads.aggregate(coming=Sum("length"))["coming"] or 0,
        limit=limit_of(place, space_of(place)),
    )


def most_outstanding(place: Place) -> int | None:
    """Return how many announced bytes one person may still owe the place; None where any number.

    Room that is announced and not filled is taken from everybody else: a tenth of it at most.
    """
    limit = limit_of(place, space_of(place))
    return max(limit // 10, int(settings.DOCUMENT_MAX_BYTES)) if limit else None


def outstanding(user: Any, place: Place) -> int:
    """Return how many bytes `user` has announced to the place that have not come."""
    told = _unfinished(place).filter(person=user).aggregate(owed=Sum(F("length") - F("offset")))
    return int(told["owed"] or 0)


def _unfinished(place: Place) -> QuerySet[ResumableUpload]:
    """Return what can still come, from people who are members for the same organisation."""
    member = WorkspaceMembership.objects.active().filter(
        person=OuterRef("person"),
        workspace=OuterRef("workspace"),
        organisation=OuterRef("organisation"),
    )
    return ResumableUpload.objects.filter(
        Exists(member),
        **where(place),
        person__is_active=True,
        state=ResumableUpload.State.SENDING,
        expires__gt=timezone.now(),
    )


def upload_itself(submission: UUID | None) -> Q | None:
    """Return what leaves out the upload that a file was sent with."""
    return Q(uuid=submission) if submission is not None else None


def sees_figures(user: Any, place: Place) -> bool:
    """Return whether `user` looks after this room."""
    if isinstance(place, Workspace):
        return coordinates(user, place)
    return is_administrator(user, place)


@dataclass(frozen=True)
class SpaceWarning:
    """What a contributor is told before choosing files; `fill` for those who see figures."""

    kind: str
    level: str
    place: Place
    fill: Fill | None


def warnings_for(user: Any, workspace: Workspace, organisation: Organisation) -> list[SpaceWarning]:
    """Return which of the two rooms that a new file needs is nearly used up."""
    found = []
    places: tuple[tuple[str, Place], ...] = (
        ("workspace", workspace),
        ("organisation", organisation),
    )
    for kind, place in places:
        fill = fill_of(place)
        if fill.level:
            shown = fill if sees_figures(user, place) else None
            found.append(SpaceWarning(kind, fill.level, place, shown))
    return found


def where(place: Place) -> dict[str, Any]:
    """Return the field that names the place, for filters."""
    return {"workspace" if isinstance(place, Workspace) else "organisation": place}
