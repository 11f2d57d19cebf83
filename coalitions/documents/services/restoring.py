"""Making an old version the newest one again.

Invariant: nothing is taken away: a version is added that shares the stored file of the old one and
says which it was. Its text is copied, or read again where it never was.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalitions.crash_points import reached
from coalitions.documents.checked import why_closed
from coalitions.documents.models import Document, DocumentPage, DocumentVersion, TextExtraction
from coalitions.documents.refusals import InWords
from coalitions.documents.services.adding import announce_version, editing_organisation
from coalitions.documents.services.reserving import let_add_version
from coalitions.language import clean

_WORDS: dict[str, str | Promise] = {
    "absent": _("There is no such version of this document."),
    "lost": _(
        "The file of this version is missing from the storage. Tell the people who run this portal."
    ),
    "closed": _("The file of this version is not open, so the version cannot be restored."),
    "newest": _("The newest version is that one already, with the same file."),
    "meanwhile": _(
        "Somebody added a version meanwhile. Look at it, and restore the old one if you still "
        "want to."
    ),
}


class VersionRefused(InWords, ValueError):
    """A version that cannot be restored."""

    WORDS = _WORDS


def restore_version(
    *, acting_user: Any, document: Document, number: int, seen: int, note: str = ""
) -> DocumentVersion:
    """Add a version with the file of version `number`; for those who may add versions.

    `seen`: the number of the newest version that the person saw. Raises VersionRefused, also
    where there is a newer one by now, DocumentReserved, and NotAllowed for everybody else.
    """
    editing_organisation(acting_user, document)
    old = document.versions.filter(number=number).first()
    if old is None:
        raise VersionRefused("absent")
    if not old.file.storage.exists(old.file.name or ""):
        raise VersionRefused("lost")
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        organisation = editing_organisation(acting_user, locked)
        let_add_version(acting_user, locked)
        old.refresh_from_db(fields=["file", "size", "sha256"])  # names may have been taken out
        newest: DocumentVersion | None = locked.current_version
        if newest is not None and _is_done(newest, acting_user, number, seen):
            return newest
        _let_restore(newest, old, seen)
        last = locked.versions.aggregate(last=Max("number"))["last"] or 0
        version = DocumentVersion.objects.create(
            document=locked,
            number=last + 1,
            file=old.file.name,
            name=old.name,
            size=old.size,
            media_type=old.media_type,
            sha256=old.sha256,
            uploader=acting_user,
            organisation=organisation,
            note=clean(note).strip()[:500],
            restored_from=old.number,
        )
        reached("restoring.row-written")
        _bring_text(locked, old, version)
        locked.current_version = version
        locked.save(update_fields=["current_version", "changed"])
        announce_version(locked, version, acting_user, organisation)
        reached("restoring.before-commit")
    document.refresh_from_db()
    return version


def _is_done(newest: DocumentVersion, user: Any, number: int, seen: int) -> bool:
    """Whether the same form was sent twice."""
    mine = newest.uploader_id == user.pk and newest.restored_from == number
    return mine and newest.number == seen + 1


def _let_restore(newest: DocumentVersion | None, old: DocumentVersion, seen: int) -> None:
    if why_closed(old):
        raise VersionRefused("closed")
    if newest is None or newest.number != seen:
        raise VersionRefused("meanwhile")
    if newest.sha256 == old.sha256:
        raise VersionRefused("newest")


def _bring_text(document: Document, old: DocumentVersion, version: DocumentVersion) -> None:
    """Copy the old version's pages; leave them to the reader where there is more to find out."""
    job = TextExtraction.objects.filter(version=old, state=TextExtraction.State.DONE).first()
    if job is None or document.language_from_text:
        TextExtraction.objects.create(version=version)
        return
    TextExtraction.objects.create(
        version=version,
        state=job.state,
        reason=job.reason,
        finished=timezone.now(),
        page_count=job.page_count,
        names=job.names,
    )
    pages = [
        DocumentPage(
            version=version,
            number=page.number,
            anchor=page.anchor,
            text=page.text,
            language=page.language,
        )
        for page in DocumentPage.objects.filter(version=old).iterator(chunk_size=200)
    ]
    DocumentPage.objects.bulk_create(pages, batch_size=100)
    reached("restoring.text-copied")
