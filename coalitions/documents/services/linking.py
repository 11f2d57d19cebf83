"""Links for outsiders: made and revoked by those who decide for a document's owner.

Invariant: the secret of an address and the password are known to whoever made the link alone; here
only a digest and a hash are kept. A download is taken off the number granted under the link's
lock, in the transaction of its audit row, before the first byte leaves.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalitions.access import Viewer
from coalitions.documents.models import Document, DocumentLink
from coalitions.documents.models.link import LONGEST_DAYS, LONGEST_PURPOSE, MOST_DOWNLOADS
from coalitions.documents.refusals import InWords
from coalitions.documents.services.audience_rows import Schedule
from coalitions.documents.services.ending_links import Ended, end_link
from coalitions.documents.services.sharing import let_decide_as_owner, locked_document
from coalitions.language import clean
from coalitions.network import audit
from coalitions.network.models import AuditEntry

MOST_LINKS = 20
SHORTEST_PASSWORD = 12
_SECRET_BYTES = 32


class LinkRefused(InWords, ValueError):
    """What cannot be made, in words for the person who tried."""

    WORDS = {
        "off": _("The network has switched links for outsiders off."),
        "child-data": _("It holds data about a child. No link shows it."),
        "version": _("There is no such version. Choose one from the list."),
        "too-many": _(
            "This document has as many links as it can have at once. Revoke one that is not needed."
        ),
        "made": _(
            "This link was made already, and its address was shown once. If you did not keep it, "
            "revoke the link and make another one."
        ),
    }


class LinkIsOver(Exception):
    """The link does not open its document any more."""


@dataclass(frozen=True)
class Terms:
    """How a link is to be. `version`: the number of the one that it is pinned to."""

    password: str
    days: int
    downloads: int
    version: int | None = None
    purpose: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.days <= LONGEST_DAYS:
            raise ValueError("A link lives for a day at least, and thirty at most.")
        if not 1 <= self.downloads <= MOST_DOWNLOADS:
            raise ValueError("A link gives one download at least, and a hundred at most.")
        if len(self.password) < SHORTEST_PASSWORD:
            raise ValueError("The password of a link has twelve signs at least.")


def make_link(
    *, acting_user: Any, document: Document, terms: Terms, submission: UUID | None = None
) -> tuple[DocumentLink, str]:
    """Make a link; return it with the secret of its address, which is told this once.

    For those who decide for the owner of `document`. Where a step down is written ahead, it ends
    with that. `submission`: the form it was asked with, which makes one link. Raises LinkRefused
    where there can be none, NotAllowed for everybody else.
    """
    secret, hashed = secrets.token_urlsafe(_SECRET_BYTES), make_password(terms.password)
    with transaction.atomic():
        locked = locked_document(document)
        let_decide_as_owner(acting_user, locked)
        schedule = Schedule(locked)
        _let_link(acting_user, locked, schedule, submission)
        version = None
        if terms.version is not None:
            version = locked.versions.filter(number=terms.version).first()
            if version is None:
                raise LinkRefused("version")
        until = schedule.now + timedelta(days=terms.days)
        ends_with_step = bool(schedule.ahead) and schedule.ahead[0].since < until
        link: DocumentLink = DocumentLink.objects.create(
            document=locked,
            version=version,
            organisation=locked.owner,
            made_by=acting_user,
            purpose=clean(terms.purpose).strip()[:LONGEST_PURPOSE],
            secret_digest=digest_of(secret),
            password=hashed,
            most_downloads=terms.downloads,
            submission=submission or uuid4(),
            since=schedule.now,
            until=schedule.ahead[0].since if ends_with_step else until,
            why=Ended.NARROWED if ends_with_step else Ended.BY_ITSELF,
        )
        audit.record(
            "link.made",
            acting_user=acting_user,
            acting_organisation=locked.owner,
            thing=link,
            document=str(locked.uuid),
            until=link.ends.isoformat(),
            downloads=link.most_downloads,
            version=terms.version,
        )
    return link, secret


def _let_link(user: Any, document: Document, schedule: Schedule, submission: UUID | None) -> None:
    if not settings.LINKS_FOR_OUTSIDERS:
        raise LinkRefused("off")
    if schedule.current.child_data:
        raise LinkRefused("child-data")
    if submission and DocumentLink.objects.filter(made_by=user, submission=submission).exists():
        raise LinkRefused("made")
    if document.links.living().count() >= MOST_LINKS:
        raise LinkRefused("too-many")


def revoke_link(*, acting_user: Any, link: DocumentLink) -> bool:
    """End a link now; False where it has ended already. For those who may make one."""
    with transaction.atomic():
        document = locked_document(link.document)
        let_decide_as_owner(acting_user, document)
        present = document.links.not_ended().select_for_update().filter(pk=link.pk).first()
        if present is None:
            return False
        now = max(timezone.now(), present.since)
        end_link(present, Ended.REVOKED, now, acting_user=acting_user)
    return True


def digest_of(secret: str) -> str:
    """Return what is kept of the secret of an address. It is long enough to need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def open_link(secret: str, password: str) -> DocumentLink | None:
    """Return the living link of this address and password, or None.

    Unknown, ended and used-up ones take as long as a wrong password: one hash is made for each.
    """
    link: DocumentLink | None = (
        DocumentLink.objects.living().filter(secret_digest=digest_of(secret)).first()
    )
    if link is None:
        make_password(password)
        return None
    if not check_password(password, link.password):
        return None
    audit.record("link.opened", acting_user=None, thing=link, document=str(link.document.uuid))
    return link


def take_download(
    viewer: Viewer, document: Document, counted: QuerySet[AuditEntry] | None = None
) -> UUID | None:
    """Take one download off a link that `viewer` holds, inside the caller's transaction.

    Return the link's uuid for the audit row; None where this one is `counted` already: asked under
    the link's lock, rows that say so. Raises LinkIsOver where none is left.
    """
    held = DocumentLink.objects.filter(uuid__in=viewer.links, document=document)
    # Two at once wait for each other here; the second sees what the first has left.
    locked = list(held.select_for_update().order_by("pk").values_list("pk", flat=True))
    link = DocumentLink.objects.opened_by(viewer).filter(pk__in=locked).order_by("pk").first()
    if link is None:
        raise LinkIsOver
    if counted is not None and counted.exists():
        return None
    left = DocumentLink.objects.filter(pk=link.pk, downloads_made__lt=F("most_downloads"))
    if not left.update(downloads_made=F("downloads_made") + 1):
        raise LinkIsOver
    uuid: UUID = link.uuid
    return uuid
