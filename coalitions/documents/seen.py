"""Who has seen a document: views and downloads by person and organisation, for its owner alone.

Invariant: made for whoever decides who can see the document, out of rows that are never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, Max
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from coalitions.access import Viewer
from coalitions.documents.downloads import VERB
from coalitions.documents.models import Document, DocumentLink, DocumentVersion, DocumentView
from coalitions.network.models import AuditEntry, Organisation

# Of a person, of the organisation that they acted for, of a link.
Key = tuple[UUID | None, UUID | None, UUID | None]

_BY_LINK = KeyTextTransform("link", "details")


@dataclass
class Reader:
    """A person, a link, or whoever has no account here, and what they did with a document.

    `is_unnamed`: they acted for an organisation that the viewer may not know of.
    """

    person: str
    organisation: Organisation | None
    is_unnamed: bool = False
    views: int = 0
    downloads: int = 0
    latest: datetime | None = None

    def add(self, *, views: int = 0, downloads: int = 0, at: datetime) -> None:
        """Count more of it."""
        self.views += views
        self.downloads += downloads
        self.latest = at if self.latest is None else max(self.latest, at)


def downloads_made(document: Document) -> Any:
    """Return the audit rows of all downloads of all versions of `document`."""
    return AuditEntry.objects.filter(
        verb=VERB,
        object_kind=DocumentVersion._meta.label_lower,
        object_uuid__in=list(document.versions.values_list("uuid", flat=True)),
    )


def readers_of(document: Document, viewer: Viewer) -> list[Reader]:
    """Return everybody who has seen `document`, the latest first, for `viewer`, who decides."""
    rows = _view_counts(document) + _download_counts(document)
    names = _Names({key for key, *_rest in rows}, viewer)
    readers: dict[Key, Reader] = {}
    for key, views, downloads, at in rows:
        organisation = names.organisation(key[1])
        unnamed = key[1] is not None and organisation is None
        reader = readers.setdefault(key, Reader(names.who(key), organisation, unnamed))
        reader.add(views=views, downloads=downloads, at=at)
    return sorted(readers.values(), key=lambda reader: str(reader.latest), reverse=True)


def _view_counts(document: Document) -> list[tuple[Key, int, int, datetime]]:
    counted = (
        DocumentView.objects.filter(document=document)
        .order_by()
        .values_list("person__uuid", "organisation__uuid", "link__uuid")
        .annotate(number=Count("pk"), latest=Max("at"))
    )
    return [((who, org, link), number, 0, at) for who, org, link, number, at in counted]


def _download_counts(document: Document) -> list[tuple[Key, int, int, datetime]]:
    counted = (
        downloads_made(document)
        .order_by()
        .values_list("actor", "acting_organisation", _BY_LINK)
        .annotate(number=Count("pk"), latest=Max("at"))
    )
    return [((who, org, _uuid(link)), 0, number, at) for who, org, link, number, at in counted]


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


class _Names:
    """Names of people, and of the organisations that the viewer may know of, read at once."""

    def __init__(self, keys: set[Key], viewer: Viewer) -> None:
        people = get_user_model()._default_manager.filter(uuid__in={key[0] for key in keys})
        self.people = dict(people.values_list("uuid", "name"))
        organisations = Organisation.objects.visible_to(viewer).filter(
            uuid__in={key[1] for key in keys}
        )
        self.organisations = {row.uuid: row for row in organisations}
        links = DocumentLink.objects.filter(uuid__in={key[2] for key in keys if key[2]})
        self.links = dict(links.values_list("uuid", "purpose"))

    def who(self, key: Key) -> str:
        """Return a name, or who it was that has none here."""
        person, _organisation, link = key
        if link is not None:
            purpose = self.links.get(link, "")
            return _("By a link: %(purpose)s") % {"purpose": purpose} if purpose else _("By a link")
        return (self.people.get(person) if person else None) or _("Without an account")

    def organisation(self, uuid: UUID | None) -> Organisation | None:
        """Return the organisation that they acted for."""
        return self.organisations.get(uuid) if uuid else None


def acts_on(document: Document, viewer: Viewer) -> Iterator[list[str]]:
    """Yield every view and download as a row of a table, its head first, the latest first."""
    yield [_("When (UTC)"), _("What"), _("Version"), _("Organisation"), _("Person")]
    numbers = dict(document.versions.values_list("uuid", "number"))
    views = DocumentView.objects.filter(document=document).values_list(
        "at", "version__number", "person__uuid", "organisation__uuid", "link__uuid"
    )
    acts: list[tuple[datetime, str, int, Key]] = [
        (at, _("Viewed"), number, (who, org, link)) for at, number, who, org, link in views
    ]
    loads = downloads_made(document).values_list(
        "at", "object_uuid", "actor", "acting_organisation", _BY_LINK
    )
    acts += [
        (at, _("Downloaded"), numbers[uuid], (who, org, _uuid(link)))
        for at, uuid, who, org, link in loads
    ]
    names = _Names({act[3] for act in acts}, viewer)
    for at, what, number, key in sorted(acts, key=lambda act: act[0], reverse=True):
        organisation = names.organisation(key[1])
        yield [
            at.strftime("%Y-%m-%d %H:%M"),
            what,
            str(number),
            organisation.name if organisation else (_("An organisation") if key[1] else ""),
            names.who(key),
        ]
